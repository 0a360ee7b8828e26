import { agentsOf } from '../../agent-scopes.ts'
import { textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'

// `dev` is not one: it names the assistant of developers as often as an experiment.
const experimental = /(?:^|[-_ ])(?:test(?:ing)?|staging|playground|scratch|experiment)(?:[-_ ]|\d*$)/i

export default defineCheck({
  id: 'environments.no-test-agents',
  title: 'no agent for tests runs in this installation',
  severity: 'low',
  why: 'experiments are made with loose permissions, and here they share keys, channels and memory with the real ones',
  source: 'hardening guide 2, development and production separation; guide 3, testing skills in isolation',
  needs: ['config', 'installations'],
  // A profile whose own name says what it is for is where they belong.
  applies: ({ installations }) => !installations.installations.some(({ folder, name }) => folder === installations.judged && /dev|test|staging|playground/i.test(name)),
  judge: ({ config }) => names(config).map(({ at, name }) => ({ at, saw: `agent ${name}`, want: 'a profile of its own: openclaw --profile test' })),
  manual: 'move it into a profile of its own: `openclaw --profile test onboard`, then take it out of `agents` here',
  examples: {
    pass: { real: { config: { agents: { list: [{ id: 'main' }, { id: 'latest-news' }, { id: 'dev' }] } } }, none: { config: {} } },
    fail: { 'in today\'s roster': { config: { agents: { entries: { staging: {} } } } }, 'a test agent': { config: { agents: { list: [{ id: 'main' }, { id: 'skill-test' }] } } }, 'by its name': { config: { agents: { list: [{ id: 'a7', name: 'Staging' }] } } } },
  },
})

function names(config: ConfigFacts): { at: string; name: string }[] {
  return agentsOf(config).flatMap(({ agent, entry }) => {
    const at = entry.join('.')
    const shown = textAt(config, [...entry, 'name'])
    const isTest = (name: string): boolean => experimental.test(name)
    return [agent, shown].filter((name) => name != null).filter(isTest).slice(0, 1).map((name) => ({ at, name }))
  })
}
