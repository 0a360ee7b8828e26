import type { KeyIssuer } from '../issuer.ts'

/** Keys of anybody without an administration interface we know: a person makes and ends them, we do the rest. */
export const byHandIssuer: KeyIssuer = {
  kind: 'by_hand',
  goodWhenMinted: true,
  mint: null,
  revoke: null,
  byHand: {
    mint: 'at its provider; a second key beside the one in use',
    revoke: 'at its provider; delete or disable the old key',
  },
}
