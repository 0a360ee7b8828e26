import loopbackRateLimited from './auth/loopback-rate-limited.ts'
import noAdminAutoApproval from './auth/no-admin-auto-approval.ts'
import noDeviceAutoApproval from './auth/no-device-auto-approval.ts'
import noTailscaleLogin from './auth/no-tailscale-login.ts'
import proxyUsersListed from './auth/proxy-users-listed.ts'
import referencesResolve from './auth/references-resolve.ts'
import secretsNotShared from './auth/secrets-not-shared.ts'
import trustedProxiesListed from './auth/trusted-proxies-listed.ts'
import trustedProxyRefusesLoopback from './auth/trusted-proxy-refuses-loopback.ts'
import trustedProxyVerified from './auth/trusted-proxy-verified.ts'
import userHeaderSet from './auth/user-header-set.ts'

export const auth = [
  loopbackRateLimited,
  noAdminAutoApproval,
  noDeviceAutoApproval,
  noTailscaleLogin,
  proxyUsersListed,
  referencesResolve,
  secretsNotShared,
  trustedProxiesListed,
  trustedProxyRefusesLoopback,
  trustedProxyVerified,
  userHeaderSet,
]
