import { defineErrors } from '../base/index.ts'

export const secretsErrors = defineErrors({
  'secrets.bad-name': { exit: 2, http: 400, meaning: 'what was given is not a name for a secret' },
  'secrets.bad-reference': {
    exit: 3,
    http: 500,
    meaning: 'a setting holds a dollar sign that is no reference to a secret',
  },
  'secrets.missing': { exit: 3, http: 503, meaning: 'a setting refers to a secret that is nowhere to be found' },
  'secrets.unsafe-file': {
    exit: 3,
    http: 503,
    meaning: 'a file with a secret in it can be read or changed by everybody',
  },
  'secrets.unreadable-file': {
    exit: 3,
    http: 503,
    meaning: 'a file that should hold a secret is missing, cannot be read or holds none',
  },
  'secrets.store-damaged': {
    exit: 7,
    http: 503,
    meaning: 'the local secret store or its key is damaged, or they do not belong together',
  },
  'secrets.store-failed': { exit: 7, http: 503, meaning: 'the local secret store cannot be read or written' },
  'secrets.store-locked': { exit: 7, http: 503, meaning: 'another process is changing the local secret store' },
  'secrets.store-denied': { exit: 5, http: 503, meaning: 'a secret store refused the login or the secret' },
  'secrets.store-timeout': { exit: 7, http: 503, meaning: 'a secret store did not answer in time' },
  'secrets.store-unreachable': { exit: 7, http: 503, meaning: 'a secret store cannot be reached, or is sealed or overloaded' },
  'secrets.store-answer': { exit: 7, http: 503, meaning: 'a secret store answered something that cannot be used' },
  'secrets.store-read-only': { exit: 2, http: 400, meaning: 'secrets of this store are changed where they are kept, not by us' },
  'secrets.not-mapped': { exit: 3, http: 400, meaning: 'no setting says where the store keeps a secret of this name' },
  'secrets.package-missing': { exit: 6, http: 503, meaning: 'an optional package that this secret store needs is not installed' },
  'secrets.keychain-unavailable': { exit: 6, http: 503, meaning: 'this machine or session has no keychain, or it is locked' },
  'secrets.bad-length': { exit: 2, http: 400, meaning: 'a secret of that length is not made' },
  'secrets.residue-refused': { exit: 5, http: 409, meaning: 'a file with old plaintext secrets cannot be cleaned safely' },
  'secrets.rotation-under-way': { exit: 1, http: 409, meaning: 'a rotation of this secret was begun and is not finished' },
  'secrets.rotation-none': { exit: 1, http: 404, meaning: 'no rotation of this secret waits for anything' },
  'secrets.rotation-by-hand': { exit: 1, http: 409, meaning: 'a step of this rotation has to be done by a person' },
  'secrets.rotation-same-key': { exit: 2, http: 400, meaning: 'the key given for a rotation is the one in use' },
  'secrets.issuer-refused': { exit: 5, http: 502, meaning: 'the administration interface of a provider refused or was not understood' },
})
