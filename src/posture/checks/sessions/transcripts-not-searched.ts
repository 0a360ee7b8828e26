import { scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { deepValue } from '../../setting-change.ts'
import { wordList } from '../../tool-reach.ts'

const switches = ['experimental.sessionMemory', 'rememberAcrossConversations'].map((path) => path.split('.'))

export default defineCheck({
  id: 'sessions.transcripts-not-searched',
  title: 'what one person said is not found by another one through memory search',
  severity: 'medium',
  why: 'an index over all transcripts answers whoever asks: sessions are apart, and their content is not',
  source: 'OpenClaw docs, reference/memory-config (sources, sessionMemory) and cli/policy/rules (denySessionTranscriptIndexing)',
  ...settingsJudge((config) => {
    if (manyPeople(config).length === 0) return []
    const places = [['memory', 'search'], ...scopesOf(config).flatMap(({ entry }) => [[...entry, 'memory', 'search'], [...entry, 'memorySearch']])]
    return [
      ...places.flatMap((place) => [
        ...switches.flatMap((path) => (deepValue(config.value, [...place, ...path]) === true ? [{ at: [...place, ...path], saw: 'true', want: 'false', to: false }] : [])),
        ...((wordList(config, [...place, 'sources']) ?? []).includes('sessions') ? [{ at: [...place, 'sources'], saw: 'sessions are searched', want: 'memory only', to: ['memory'] }] : []),
      ]),
      ...(deepValue(config.value, ['memory', 'qmd', 'sessions', 'enabled']) === true ? [{ at: ['memory', 'qmd', 'sessions', 'enabled'], saw: 'true', want: 'false', to: false }] : []),
    ]
  }),
  examples: {
    pass: {
      'one person': { config: { memory: { qmd: { sessions: { enabled: true } } } } },
      'memory only': { config: { memory: { search: { sources: ['memory'] } }, channels: { slack: { dmPolicy: 'open' } } } },
    },
    fail: {
      sources: { config: { memory: { search: { sources: ['memory', 'sessions'], experimental: { sessionMemory: true } } }, channels: { slack: { dmPolicy: 'open' } } } },
      qmd: { config: { memory: { qmd: { sessions: { enabled: true } } }, channels: { slack: { groupPolicy: 'open' } } } },
      'one agent': { config: { agents: { list: [{ id: 'a', memory: { search: { rememberAcrossConversations: true } } }] }, channels: { slack: { groupPolicy: 'open' } } } },
    },
  },
})
