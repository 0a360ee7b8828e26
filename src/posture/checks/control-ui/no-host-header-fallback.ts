import { severityWhenReachable } from '../../gateway-exposure.ts'
import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'control-ui.no-host-header-fallback',
  title: 'the Control UI does not trust the Host header',
  severity: 'medium',
  why: 'a page that points its own name at this address (DNS rebinding) is taken for the Control UI',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.host_header_origin_fallback', 'config.insecure_or_dangerous_flags'],
  at: 'gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback',
  severityHere: severityWhenReachable('critical', 'medium'),
})
