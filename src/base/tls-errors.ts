import { defineErrors } from './errors.ts'

/** What can be wrong with the way connections are encrypted before any is made. */
export const tlsErrors = defineErrors({
  'tls.bad-ca-bundle': { exit: 3, http: 500, meaning: 'the file tls.ca_bundle names holds no usable certificate authorities' },
  'tls.unsafe-ca-bundle': { exit: 3, http: 500, meaning: 'somebody else than the guard and root can change the file tls.ca_bundle names' },
  'tls.keys-exposed': { exit: 3, http: 500, meaning: 'an option of Node would write down the keys or the contents of encrypted connections' },
})
