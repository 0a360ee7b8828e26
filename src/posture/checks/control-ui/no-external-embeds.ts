import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'control-ui.no-external-embeds',
  title: 'the Control UI shows no pages of strangers',
  severity: 'low',
  why: 'an agent that was talked into it shows a login page that is not yours, inside your own tool',
  source: 'OpenClaw docs, gateway/config-gateway',
  at: 'gateway.controlUi.allowExternalEmbedUrls',
})
