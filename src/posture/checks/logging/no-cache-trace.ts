import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'logging.no-cache-trace',
  title: 'whole prompts are not written to the disk',
  severity: 'low',
  why: 'the trace of the prompt cache holds every prompt as it was sent, unredacted',
  source: 'OpenClaw docs, gateway/logging',
  at: 'diagnostics.cacheTrace.enabled',
})
