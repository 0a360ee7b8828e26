import { isLoopback } from '../../../base/index.ts'
import { defineCheck } from '../../check.ts'
import type { GuardConfigFacts } from '../../facts/guard-config.ts'
import { guardEntries, guardExample, setGuard } from '../../guard-settings.ts'

export default defineCheck({
  id: 'providers.https',
  title: 'model providers are spoken with over TLS',
  severity: 'critical',
  why: 'prompts, answers and the key itself pass every hop in the clear',
  source: 'hardening guide 1, TLS everywhere; guide 2, never transmit keys unencrypted',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) => inTheClear(guardConfig).map(({ name, url }) => ({ at: `config.yaml models.providers.${name}.base_url`, saw: `http to ${url.host}`, want: 'https' })),
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ guardConfig }) =>
      inTheClear(guardConfig).flatMap(({ name, written }) => setGuard(guardConfig, ['models', 'providers', name, 'base_url'], { from: written, to: written.replace(/^http:/i, 'https:') })),
  },
  examples: {
    pass: { https: provider('https://api.example.com/v1'), 'on this machine': provider('http://127.0.0.1:11434/v1'), 'by name': provider('http://localhost:8080') },
    fail: { 'across the network': provider('http://models.internal.example:8080/v1') },
  },
})

function inTheClear(facts: GuardConfigFacts): { name: string; written: string; url: URL }[] {
  return guardEntries(facts, 'models.providers').flatMap(([name, { base_url: written }]) => {
    const url = typeof written === 'string' ? URL.parse(written) : null
    if (url?.protocol !== 'http:') return []
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return host === 'localhost' || isLoopback(host) ? [] : [{ name, written: String(written), url }]
  })
}

function provider(url: string): ReturnType<typeof guardExample> {
  return guardExample({ 'config.yaml': `models:\n  providers:\n    mine:\n      api: openai-completions\n      base_url: ${url} # ours\n` })
}
