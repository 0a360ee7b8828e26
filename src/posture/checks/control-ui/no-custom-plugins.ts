import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'control-ui.no-custom-plugins',
  title: 'the Control UI runs no plugins from the browser side',
  severity: 'low',
  why: 'code that is added to the Control UI acts as whoever is logged in',
  source: 'OpenClaw docs, gateway/config-gateway',
  at: 'gateway.controlUi.experimental.customPlugins',
})
