import type { Check } from '../check.ts'
import capabilitiesDropped from './containers/capabilities-dropped.ts'
import imageUser from './containers/image-user.ts'
import memoryLimited from './containers/memory-limited.ts'
import noEngineSocket from './containers/no-engine-socket.ts'
import noKeysCopied from './containers/no-keys-copied.ts'
import noKeysInEnvironment from './containers/no-keys-in-environment.ts'
import noNewPrivileges from './containers/no-new-privileges.ts'
import noSystemMounts from './containers/no-system-mounts.ts'
import nonRoot from './containers/non-root.ts'
import notPrivileged from './containers/not-privileged.ts'
import ownNetwork from './containers/own-network.ts'
import pinnedImage from './containers/pinned-image.ts'
import processesLimited from './containers/processes-limited.ts'
import profilesKept from './containers/profiles-kept.ts'
import publishedOnLoopback from './containers/published-on-loopback.ts'
import readOnlyRoot from './containers/read-only-root.ts'

/** Checks of the area `containers`. */
export const containers: readonly Check[] = [
  capabilitiesDropped,
  imageUser,
  memoryLimited,
  noEngineSocket,
  noKeysCopied,
  noKeysInEnvironment,
  noNewPrivileges,
  noSystemMounts,
  nonRoot,
  notPrivileged,
  ownNetwork,
  pinnedImage,
  processesLimited,
  profilesKept,
  publishedOnLoopback,
  readOnlyRoot,
]
