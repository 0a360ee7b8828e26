import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ExampleMachine } from './example-machine.ts'
import { gather } from './gather.ts'
import { judge, type Finding } from './judge.ts'
import { checks } from './registry.ts'

interface Case {
  name: string
  config: unknown
  checkId: string
  severity: 'critical' | 'warn' | null
  told: boolean
}

const cases = readFileSync(new URL('../../tests/fixtures/posture-configs/openclaw-audit.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case)

// What OpenClaw calls critical is an open door in some cases and a bad habit in others; we never call it a trifle.
const severitiesFor = { critical: ['critical', 'high', 'medium'], warn: ['critical', 'high', 'medium', 'low', 'info'] }

async function covering(config: unknown, id: string): Promise<Finding[]> {
  const machine = new ExampleMachine({ config })
  const { findings } = judge(checks, await gather({ ...machine.subject(), host: null }, new Set(checks.flatMap(({ needs }) => needs))))
  return findings.filter(({ covers }) => covers.some((pattern) => matches(pattern, id)))
}

function matches(pattern: string, id: string): boolean {
  const [parts, words] = [pattern.split('.'), id.split('.')]
  return parts.length === words.length && parts.every((part, i) => part === '*' || part === words[i])
}

describe("cases of OpenClaw's own audit", () => {
  it.each(cases.filter(({ told }) => told))('$name: $checkId is told', async ({ config, checkId, severity }) => {
    const found = await covering(config, checkId)
    expect(found.length).toBeGreaterThan(0)
    for (const finding of found) expect(severitiesFor[severity ?? 'warn']).toContain(finding.severity)
  })

  it.each(cases.filter(({ told }) => !told))('$name: $checkId is not told', async ({ config, checkId }) => {
    expect(await covering(config, checkId)).toEqual([])
  })
})
