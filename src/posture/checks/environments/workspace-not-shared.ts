import { textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { Installation, InstallationFacts } from '../../facts/installations.ts'

const at = (workspace: string): string => JSON.stringify({ agents: { defaults: { workspace } } })

export default defineCheck({
  id: 'environments.workspace-not-shared',
  title: 'no two installations work in the same folder',
  severity: 'medium',
  why: 'an experiment then writes into the memory, persona and skills production runs with',
  source: 'hardening guide 2, development and production separation; OpenClaw docs, gateway/multiple-gateways',
  needs: ['config', 'installations'],
  applies: ({ installations }) => installations.installations.length > 1 && installations.judged !== null,
  judge: ({ installations }) => {
    const [mine, other] = clash(installations)
    return mine === null || other === null ? [] : [{ at: 'agents.defaults.workspace', saw: `${mine.workspace}, as in ${other.folder}`, want: 'a folder of its own' }]
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ config, installations }) => {
      const [mine] = clash(installations)
      if (mine === null) return []
      return [{ kind: 'setting', at: ['agents', 'defaults', 'workspace'], from: textAt(config, 'agents.defaults.workspace'), to: `${mine.folder}/workspace-own` }]
    },
  },
  examples: {
    pass: { 'one each': { configText: '{}', files: { '~/.openclaw-dev/openclaw.json': '{}' } } },
    fail: {
      'the same folder': { configText: at('~/work'), files: { '~/.openclaw-dev/openclaw.json': at('/home/claw/work/') } },
      'the folder of the other': { configText: '{}', files: { '~/.openclaw-dev/openclaw.json': at('~/.openclaw/workspace') } },
    },
  },
})

function clash({ installations, judged }: InstallationFacts): [Installation, Installation] | [null, null] {
  const mine = installations.find(({ folder }) => folder === judged)
  const other = installations.find(({ folder, workspace }) => folder !== judged && workspace === mine?.workspace)
  return mine && other ? [mine, other] : [null, null]
}
