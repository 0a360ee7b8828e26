import { severityWhenReachable } from '../../gateway-exposure.ts'
import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'control-ui.device-auth',
  title: 'the Control UI asks for a paired device',
  severity: 'high',
  why: 'the token alone, from a log or a shared screen, is enough to run the installation from anywhere',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.device_auth_disabled', 'config.insecure_or_dangerous_flags'],
  at: 'gateway.controlUi.dangerouslyDisableDeviceAuth',
  severityHere: severityWhenReachable('critical', 'high'),
})
