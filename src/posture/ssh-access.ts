import { effective } from './sshd-settings.ts'
import type { RemoteAccessFacts } from './facts/remote-access.ts'
import type { SshdFacts } from './facts/sshd.ts'

/**
 * Who could still come in when passwords are off: holders of a key that sshd would take. Nobody while key login is off.
 */
export function keyLogins(sshd: SshdFacts, { keyHolders }: RemoteAccessFacts): readonly string[] {
  if (effective(sshd, 'PubkeyAuthentication') !== 'yes') return []
  const allowed = effective(sshd, 'AllowUsers').split(' ').filter((name) => name !== '').map((name) => name.split('@')[0]!)
  const denied = effective(sshd, 'DenyUsers').split(' ')
  // Groups and patterns are not worked out: whoever uses them is asked to look himself.
  if (effective(sshd, 'AllowGroups') !== '' || effective(sshd, 'DenyGroups') !== '') return []
  const rootMay = effective(sshd, 'PermitRootLogin') !== 'no'
  return keyHolders.filter((name) => (name !== 'root' || rootMay) && !denied.includes(name) && (allowed.length === 0 || allowed.includes(name)))
}

/** True where the one who asks, or at least somebody when nobody is known, has a key to come back with. */
export function survivesWithoutPasswords(sshd: SshdFacts, access: RemoteAccessFacts): boolean {
  const logins = keyLogins(sshd, access)
  return access.users.length === 0 ? logins.length > 0 : access.users.some((user) => logins.includes(user))
}

/** Every way in is by a key first, whatever else is asked for then. */
export function keyIsDemanded(sshd: SshdFacts): boolean {
  const methods = effective(sshd, 'AuthenticationMethods').split(' ').filter((method) => method !== '' && method !== 'any')
  return methods.length > 0 && methods.every((method) => method.split(',').includes('publickey'))
}
