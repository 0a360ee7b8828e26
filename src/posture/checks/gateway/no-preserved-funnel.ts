import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'gateway.no-preserved-funnel',
  title: 'no Funnel of before is left open',
  severity: 'high',
  why: 'a Funnel that was opened by hand stays open to the internet after Tailscale is set to something else',
  source: 'OpenClaw docs, gateway/config-gateway',
  at: 'gateway.tailscale.preserveFunnel',
})
