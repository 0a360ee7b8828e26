import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startModelUpstream } from '../fakes/model-upstream.ts'
import { ensureProven, newInstallation, removeInstallation, writeSettings } from './installation.ts'
import { identicalCalls, type Shared } from './shared.ts'

/** Starts the installation the journeys share, once per run, and removes it after the last of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const installation = await newInstallation('journeys')
  const record = join(installation.root, 'upstream.jsonl')
  writeFileSync(record, '')
  const upstream = await startModelUpstream(record)
  const keyFiles = writeKeys(installation.root)
  const env = { OPENAI_API_KEY_FILE: keyFiles.openai, ANTHROPIC_API_KEY_FILE: keyFiles.anthropic }
  const shared: Shared = { ...installation, env, upstream: { port: upstream.port, record }, keyFiles }
  writeSettings(shared, settings(upstream.port))
  writeOpenClawConfig(shared.state)
  const remove = async (): Promise<void> => {
    await removeInstallation(shared)
    await upstream.close()
  }
  try {
    await ensureProven(shared)
  } catch (error) {
    await remove()
    throw error
  }
  project.provide('shared', shared)
  return remove
}

// Priced models, so that money is counted; the session's limit is what the refusals' journey runs into, those of a job
// and of equal calls are what the runaways' journey runs into. A pulse a minute, so that "within one pulse" can be
// waited for.
function settings(upstreamPort: number): string {
  return `models:
  providers:
    openai:
      api: openai-completions
      base_url: http://127.0.0.1:${upstreamPort}/v1
      key: $OPENAI_API_KEY
      models:
        - {id: gpt-5-mini, context_window: 128000, max_tokens: 4096}
    anthropic:
      api: anthropic-messages
      base_url: http://127.0.0.1:${upstreamPort}
      key: $ANTHROPIC_API_KEY
      models:
        - {id: claude-haiku-4-5, context_window: 128000, max_tokens: 4096}
budgets:
  per_session: $0.45
  per_agent: $50
  per_day: $100
  per_cron_job: $0.20
loops:
  identical_calls: ${identicalCalls}
proof:
  every: 1m
`
}

// What an operator who has two agents writes; the overlay adds the rest.
function writeOpenClawConfig(state: string): void {
  const folder = join(state, 'openclaw/config')
  mkdirSync(folder, { recursive: true })
  const config = { agents: { entries: { main: { default: true }, second: { model: { primary: 'anthropic/claude-haiku-4-5' } } } } }
  writeFileSync(join(folder, 'openclaw.json'), JSON.stringify(config, null, 2))
}

/** Keys that look real to everybody, made here: nothing else on this machine contains them. */
function writeKeys(root: string): Shared['keyFiles'] {
  const random = (): string => crypto.randomUUID().replaceAll('-', '')
  const keyFiles = { openai: join(root, 'openai.key'), anthropic: join(root, 'anthropic.key') }
  writeFileSync(keyFiles.openai, `sk-proj-${random()}${random()}\n`, { mode: 0o600 })
  writeFileSync(keyFiles.anthropic, `sk-ant-api03-${random()}${random()}\n`, { mode: 0o600 })
  return keyFiles
}
