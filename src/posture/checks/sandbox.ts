import type { Check } from '../check.ts'
import apparmorOn from './sandbox/apparmor-on.ts'
import browserLocal from './sandbox/browser-local.ts'
import browserPublishedLocally from './sandbox/browser-published-locally.ts'
import capabilitiesDropped from './sandbox/capabilities-dropped.ts'
import networkApart from './sandbox/network-apart.ts'
import noDangerousMounts from './sandbox/no-dangerous-mounts.ts'
import noDangerousOverrides from './sandbox/no-dangerous-overrides.ts'
import notShared from './sandbox/not-shared.ts'
import onWhereCommandsRun from './sandbox/on-where-commands-run.ts'
import resourcesLimited from './sandbox/resources-limited.ts'
import rootReadOnly from './sandbox/root-read-only.ts'
import seccompOn from './sandbox/seccomp-on.ts'
import settingsInForce from './sandbox/settings-in-force.ts'
import sshHostKnown from './sandbox/ssh-host-known.ts'
import workspaceNotWritable from './sandbox/workspace-not-writable.ts'

export const sandbox: readonly Check[] = [
  apparmorOn,
  browserLocal,
  browserPublishedLocally,
  capabilitiesDropped,
  networkApart,
  noDangerousMounts,
  noDangerousOverrides,
  notShared,
  onWhereCommandsRun,
  resourcesLimited,
  rootReadOnly,
  seccompOn,
  settingsInForce,
  sshHostKnown,
  workspaceNotWritable,
]
