import { HardshellError, nearest } from '../base/index.ts'
import { apparmor } from './apparmor.ts'
import { compose } from './compose.ts'
import { containerfile } from './containerfile.ts'
import { kubernetes } from './kubernetes.ts'
import { podman } from './podman.ts'
import type { Profile } from './profile.ts'
import { systemdParts } from './systemd-parts.ts'
import { systemd } from './systemd.ts'

/** Every profile, in the order of their names. */
export const profiles: readonly Profile[] = [apparmor, compose, containerfile, kubernetes, podman, systemd, systemdParts]

/** @throws HardshellError `profiles.unknown` */
export function findProfile(name: string): Profile {
  const found = profiles.find((profile) => profile.name === name)
  if (found) return found
  const names = profiles.map((profile) => profile.name)
  const meant = nearest(name, names)
  throw new HardshellError('profiles.unknown', `there is no profile ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : ''}`, { hint: 'hardshell generate --list' })
}
