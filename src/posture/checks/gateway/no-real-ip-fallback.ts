import { severityWhenReachable } from '../../gateway-exposure.ts'
import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'gateway.no-real-ip-fallback',
  title: 'the gateway does not take an address from X-Real-IP',
  severity: 'medium',
  why: 'a proxy that passes X-Real-IP on lets anybody claim to be on this machine',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.real_ip_fallback_enabled'],
  at: 'gateway.allowRealIpFallback',
  severityHere: severityWhenReachable('high', 'medium'),
})
