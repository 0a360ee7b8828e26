import type { Check } from '../check.ts'
import configPrivate from './sshd/config-private.ts'
import fewLoginTries from './sshd/few-login-tries.ts'
import fewSessions from './sshd/few-sessions.ts'
import hostKeysPrivate from './sshd/host-keys-private.ts'
import idleCountLimited from './sshd/idle-count-limited.ts'
import idleSessionsEnd from './sshd/idle-sessions-end.ts'
import keyFilesPrivate from './sshd/key-files-private.ts'
import keysNamed from './sshd/keys-named.ts'
import limitedSources from './sshd/limited-sources.ts'
import loginsLogged from './sshd/logins-logged.ts'
import noAgentForwarding from './sshd/no-agent-forwarding.ts'
import noEmptyPasswords from './sshd/no-empty-passwords.ts'
import noGatewayPorts from './sshd/no-gateway-ports.ts'
import noHostBasedLogin from './sshd/no-host-based-login.ts'
import noKerberosLogin from './sshd/no-kerberos-login.ts'
import noKeyboardLogin from './sshd/no-keyboard-login.ts'
import noPasswordLogin from './sshd/no-password-login.ts'
import noRootPassword from './sshd/no-root-password.ts'
import noTcpForwarding from './sshd/no-tcp-forwarding.ts'
import noTunnelDevices from './sshd/no-tunnel-devices.ts'
import noUserEnvironment from './sshd/no-user-environment.ts'
import noWeakCiphers from './sshd/no-weak-ciphers.ts'
import noWeakKeyExchange from './sshd/no-weak-key-exchange.ts'
import noWeakKeys from './sshd/no-weak-keys.ts'
import noWeakMacs from './sshd/no-weak-macs.ts'
import noX11Forwarding from './sshd/no-x11-forwarding.ts'
import onlyNamedUsers from './sshd/only-named-users.ts'
import publicKeyLogin from './sshd/public-key-login.ts'
import rhostsIgnored from './sshd/rhosts-ignored.ts'
import screensOnLoopback from './sshd/screens-on-loopback.ts'
import sessionsThroughPam from './sshd/sessions-through-pam.ts'
import shortLoginTime from './sshd/short-login-time.ts'
import strictModes from './sshd/strict-modes.ts'
import unfinishedLoginsLimited from './sshd/unfinished-logins-limited.ts'
import unusualPort from './sshd/unusual-port.ts'

/** Checks of the area `sshd`. */
export const sshd: readonly Check[] = [
  configPrivate,
  fewLoginTries,
  fewSessions,
  hostKeysPrivate,
  idleCountLimited,
  idleSessionsEnd,
  keyFilesPrivate,
  keysNamed,
  limitedSources,
  loginsLogged,
  noAgentForwarding,
  noEmptyPasswords,
  noGatewayPorts,
  noHostBasedLogin,
  noKerberosLogin,
  noKeyboardLogin,
  noPasswordLogin,
  noRootPassword,
  noTcpForwarding,
  noTunnelDevices,
  noUserEnvironment,
  noWeakCiphers,
  noWeakKeyExchange,
  noWeakKeys,
  noWeakMacs,
  noX11Forwarding,
  onlyNamedUsers,
  publicKeyLogin,
  rhostsIgnored,
  screensOnLoopback,
  sessionsThroughPam,
  shortLoginTime,
  strictModes,
  unfinishedLoginsLimited,
  unusualPort,
]
