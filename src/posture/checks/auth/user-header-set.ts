import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'

export default defineCheck({
  id: 'auth.user-header-set',
  title: 'the gateway knows in which header the proxy tells the user',
  severity: 'high',
  why: 'without it nobody is known, and whoever comes through is the same person',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_no_user_header'],
  needs: ['config'],
  judge: ({ config }) =>
    textAt(config, 'gateway.auth.mode') === 'trusted-proxy' && !textAt(config, 'gateway.auth.trustedProxy.userHeader')
      ? [{ at: 'gateway.auth.trustedProxy.userHeader', saw: 'no header', want: 'the header your proxy writes, and takes out of what clients send' }]
      : [],
  // Not guessed: a header the proxy passes on untouched would let anybody be anybody.
  manual: 'openclaw config set gateway.auth.trustedProxy.userHeader HEADER, the one your proxy overwrites',
  examples: {
    pass: { set: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { userHeader: 'x-user' } } } } }, token: { config: { gateway: {} } } },
    fail: { unset: { config: { gateway: { auth: { mode: 'trusted-proxy' } } } } },
  },
})
