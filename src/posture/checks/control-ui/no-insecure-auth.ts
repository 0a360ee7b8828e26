import { severityWhenReachable } from '../../gateway-exposure.ts'
import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'control-ui.no-insecure-auth',
  title: 'the Control UI asks for a paired device on plain HTTP too',
  severity: 'high',
  why: 'without a device identity the token alone opens everything, and on plain HTTP it can be read',
  source: 'OpenClaw 2026.1.30, security audit; retired since, and obeyed by the versions before',
  covers: ['gateway.control_ui.insecure_auth'],
  at: 'gateway.controlUi.allowInsecureAuth',
  severityHere: severityWhenReachable('high', 'medium'),
})
