import { isRecord } from '../../../base/index.ts'
import { agentsOf } from '../../agent-scopes.ts'
import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { textAt, valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { deepValue } from '../../setting-change.ts'

export default defineCheck({
  id: 'agents.one-default',
  title: 'it is certain which agent answers when none is named',
  severity: 'medium',
  why: 'with several agents and no default, messages go to whichever OpenClaw picks, with the tools and memory of that one',
  source: "OpenClaw's own audit, config.agent_roster.invalid_default_count; docs, concepts/multi-agent",
  covers: ['config.agent_roster.invalid_default_count'],
  ...settingsJudge((config) => {
    const agents = agentsOf(config)
    const marked = agents.filter((agent) => deepValue(config.value, [...agent.entry, 'default']) === true)
    if (textAt(config, 'agents.ownership') === 'explicit') {
      return marked.map(({ entry }) => ({ at: [...entry, 'default'], saw: 'true beside ownership: explicit', want: 'no such key', to: undefined }))
    }
    if (agents.length === 0) return emptyRoster(config)
    if (agents.length === 1 || marked.length === 1) return []
    const [first, ...others] = marked.length === 0 ? agents : marked
    const saw = `${marked.length} defaults among ${agents.length} agents`
    return [
      ...(marked.length === 0 ? [{ at: [...first!.entry, 'default'], saw, want: 'one default: true', to: true }] : []),
      ...(marked.length === 0 ? [] : others.map(({ entry }) => ({ at: [...entry, 'default'], saw, want: 'one default: true', to: undefined }))),
    ]
  }),
  examples: {
    pass: {
      'no roster': { config: {} },
      'one agent': { config: { agents: { entries: { main: {} } } } },
      'one default': { config: { agents: { list: [{ id: 'a', default: true }, { id: 'b' }] } } },
      explicit: { config: { agents: { ownership: 'explicit', entries: { a: {}, b: {} } } } },
    },
    fail: {
      none: { config: { agents: { list: [{ id: 'a' }, { id: 'b' }] } } },
      two: { config: { agents: { entries: { a: { default: true }, b: { default: true } } } } },
      'explicit and a default': { config: { agents: { ownership: 'explicit', entries: { a: { default: true }, b: {} } } } },
      'a list with nobody in it': { config: { agents: { list: [] } } },
    },
  },
})

function emptyRoster(config: Pick<ConfigFacts, 'value'>): BadSetting[] {
  return ['entries', 'list'].flatMap((key) => {
    const roster = valueOf(config, ['agents', key])
    const empty = Array.isArray(roster) ? roster.length === 0 : isRecord(roster) && Object.keys(roster).length === 0
    return empty ? [{ at: ['agents', key], saw: 'nobody in it', want: 'no such key, or an agent', to: undefined }] : []
  })
}
