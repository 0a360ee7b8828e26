import authRateLimited from './gateway/auth-rate-limited.ts'
import authRequired from './gateway/auth-required.ts'
import bindLoopback from './gateway/bind-loopback.ts'
import httpHstsKept from './gateway/http-hsts-kept.ts'
import httpSessionsKnown from './gateway/http-sessions-known.ts'
import noDangerousHttpTools from './gateway/no-dangerous-http-tools.ts'
import noDangerousNodeCommands from './gateway/no-dangerous-node-commands.ts'
import noNodeSkills from './gateway/no-node-skills.ts'
import noPreservedFunnel from './gateway/no-preserved-funnel.ts'
import noRealIpFallback from './gateway/no-real-ip-fallback.ts'
import noTailscaleFunnel from './gateway/no-tailscale-funnel.ts'
import noTailscaleServe from './gateway/no-tailscale-serve.ts'
import noTerminal from './gateway/no-terminal.ts'
import nodeDenialsEffective from './gateway/node-denials-effective.ts'
import oneToken from './gateway/one-token.ts'
import pairingApproved from './gateway/pairing-approved.ts'
import passwordNotPlaceholder from './gateway/password-not-placeholder.ts'
import passwordStrong from './gateway/password-strong.ts'
import remoteOverTls from './gateway/remote-over-tls.ts'
import tlsBeyondLoopback from './gateway/tls-beyond-loopback.ts'
import tokenNotPlaceholder from './gateway/token-not-placeholder.ts'
import tokenStrong from './gateway/token-strong.ts'
import trustedProxiesNamed from './gateway/trusted-proxies-named.ts'

export const gateway = [
  authRateLimited,
  authRequired,
  bindLoopback,
  httpHstsKept,
  httpSessionsKnown,
  noDangerousHttpTools,
  noDangerousNodeCommands,
  noNodeSkills,
  noPreservedFunnel,
  noRealIpFallback,
  noTailscaleFunnel,
  noTailscaleServe,
  noTerminal,
  nodeDenialsEffective,
  oneToken,
  pairingApproved,
  passwordNotPlaceholder,
  passwordStrong,
  remoteOverTls,
  tlsBeyondLoopback,
  tokenNotPlaceholder,
  tokenStrong,
  trustedProxiesNamed,
]
