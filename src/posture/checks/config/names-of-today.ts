import { defineCheck, type Flaw } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'

export default defineCheck({
  id: 'config.names-of-today',
  title: 'settings stand under the names of today',
  severity: 'low',
  why: 'the present OpenClaw does not read a file with older names: it runs on with the last one it understood',
  source: 'OpenClaw docs, gateway/doctor: legacy config key migrations',
  needs: ['config'],
  judge: ({ config }) => older(config),
  // No fix: nothing takes back what doctor does to settings and database, and its program may lie
  // where its owner can change it, so root does not run it.
  manual: 'run `openclaw doctor --fix` as whoever owns the configuration (openclaw.json.bak is the file of before)',
  examples: {
    pass: { today: { config: { gateway: { nodes: { commands: { deny: ['camera.snap'] } } } } } },
    fail: {
      older: { config: { gateway: { nodes: { denyCommands: ['camera.snap'] } } } },
      root: { config: { telegram: { enabled: true } } },
    },
  },
})

function older(config: ConfigFacts): Flaw[] {
  return config.problems.filter(({ message }) => /older|from before|no effect/.test(message)).map(({ at, message }) => ({ at, saw: message, want: 'the name of today, or nothing' }))
}
