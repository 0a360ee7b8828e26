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
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ config }) =>
      older(config).length === 0
        ? []
        : [
            {
              kind: 'command',
              do: ['openclaw', 'doctor', '--fix', '--non-interactive'],
              undo: null,
              means: 'OpenClaw moves its own settings to their new names; openclaw.json.bak is the file of before',
            },
          ],
  },
  examples: {
    pass: { today: { config: { gateway: { nodes: { commands: { deny: ['camera.snap'] } } } } } },
    fail: {
      older: {
        config: { gateway: { nodes: { denyCommands: ['camera.snap'] } } },
        fixedFiles: { '$STATE/openclaw.json': '{ "gateway": { "nodes": { "commands": { "deny": ["camera.snap"] } } } }\n' },
      },
      root: { config: { telegram: { enabled: true } }, fixedFiles: { '$STATE/openclaw.json': '{ "channels": { "telegram": { "enabled": true } } }\n' } },
    },
  },
})

function older(config: ConfigFacts): Flaw[] {
  return config.problems.filter(({ message }) => /older|from before|no effect/.test(message)).map(({ at, message }) => ({ at, saw: message, want: 'the name of today, or nothing' }))
}
