import type { Clock, Secret } from '../../base/index.ts'
import type { VaultAnswer, VaultCall, VaultClient } from './client.ts'
import { logIn, renewSelf, type LoginMaterial, type VaultToken } from './login.ts'

/** Calls as somebody who is logged in. */
export interface VaultSession {
  /** Logs in first where there is no token, and once more where the token was refused. */
  call(call: Omit<VaultCall, 'token'>): Promise<VaultAnswer>
  /** Renews the token when a third or less of its life is left; logs in anew where it cannot be renewed. */
  tend(): Promise<void>
  /** Number of the token in use: what Vault made under another is revoked when that one ends. */
  tokenNumber(): number
}

/** One login at a time, shared by whoever asks meanwhile. */
export function createVaultSession(client: VaultClient, material: LoginMaterial, { clock }: { clock: Clock }): VaultSession {
  let held: Held | null = null
  let underway: Promise<Held> | null = null
  let made = 0
  let number = 0
  const enter = (): Promise<Held> => {
    underway ??= logIn(client, material)
      .then((token) => {
        if (material.method !== 'token') number = ++made // VAULT_TOKEN is the same however often it is looked at
        return (held = { ...hold(token, clock), number })
      })
      .finally(() => (underway = null))
    return underway
  }
  const current = async (): Promise<Held> => (held && clock.monotonicMs() < held.endsAtMs ? held : await enter())
  const as = async (token: Secret, call: Omit<VaultCall, 'token'>): Promise<VaultAnswer> => await client.call({ ...call, token })
  return {
    async call(call) {
      const before = await current()
      const answer = await as(before.token, call)
      if (answer.status !== 403) return answer
      // Revoked or expired early, or really forbidden: a fresh token tells which.
      if (held === before) held = null
      const after = await current()
      const second = await as(after.token, call)
      // Forbidden to both: the first one was good, and what was made under it lives.
      if (second.status === 403 && held === after) [held, number] = [before, before.number]
      return second
    },

    tokenNumber: () => number,

    async tend() {
      if (!held || clock.monotonicMs() < held.renewAtMs) return
      // Whatever goes wrong here shows again at the next use, with its reason.
      const renewed = held.renewable ? await renewSelf(client, held).catch(() => null) : null
      if (renewed) held = { ...hold(renewed, clock), number }
      else await enter().catch(() => null)
    },
  }
}

interface Held extends VaultToken {
  renewAtMs: number
  endsAtMs: number
  number: number
}

function hold(token: VaultToken, clock: Clock): Omit<Held, 'number'> {
  const now = clock.monotonicMs()
  const lasts = token.leaseMs === 0 ? Number.POSITIVE_INFINITY : token.leaseMs
  return { ...token, renewAtMs: now + (lasts * 2) / 3, endsAtMs: now + lasts }
}
