import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'gateway.no-terminal',
  title: 'nobody opens a terminal on the host from the browser',
  severity: 'high',
  why: 'whoever is in the Control UI has a shell as the user of the gateway, past every tool policy',
  source: 'OpenClaw docs, gateway/config-gateway',
  at: 'gateway.terminal.enabled',
})
