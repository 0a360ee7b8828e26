import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'config.readable',
  title: 'the configuration can be read whole',
  severity: 'high',
  why: 'OpenClaw refuses a broken file and goes on with the last one that worked, or stops: what is written is not what counts',
  source: 'OpenClaw docs, gateway/configuration',
  needs: ['config'],
  judge: ({ config }) =>
    config.problems
      .filter(({ at }) => /line \d+$/.test(at) || at.endsWith('$include'))
      .map(({ at, message }) => ({ at: at.replace(/^line (\d+)$/, `${config.path}:$1`), saw: message, want: 'JSON5 that can be read' })),
  manual: 'openclaw config validate, then mend the line it names; openclaw.json.last-good is the last one that worked',
  examples: {
    pass: { json5: { configText: "// mine\n{ gateway: { bind: 'loopback', }, }\n" } },
    fail: {
      cut: { configText: '{ "gateway": { "bind": "loopback"' },
      comma: { configText: '{ "gateway": {} "hooks": {} }' },
      missing: { config: { agents: { $include: './agents.json5' } } },
    },
  },
})
