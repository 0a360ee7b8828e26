import { describe, expect, it } from 'vitest'
import { settingsReference } from './settings-reference.ts'

const lines = settingsReference().trimEnd().split('\n').slice(2)
const rows = lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()))

describe('the reference of settings', () => {
  it('has each setting once, with a meaning and a verdict', () => {
    expect(rows.length).toBeGreaterThan(80)
    expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length)
    const incomplete = rows.filter((row) => row.length !== 7 || row[5] === '' || !/^(yes|not yet)$/.test(row[6]!))
    expect(incomplete).toEqual([])
  })

  it('shows defaults as somebody would write them', () => {
    expect(rows.find(([key]) => key === '`proof.every`')).toEqual([
      '`proof.every`', 'config.yaml', 'text', '`"5m"`', 'duration', 'time between two rounds of proofs', 'yes',
    ])
    expect(rows.find(([key]) => key === '`api.auth.tokens[].value`')?.[3]).toBe('required')
  })

  it('claims to enforce what the foundation enforces, and no more', () => {
    const enforced = rows.filter((row) => row[6] === 'yes').map(([key]) => key!.replaceAll('`', ''))
    const sections = new Set(enforced.map((key) => key.split(/[.[]/)[0]))
    expect([...sections]).toEqual(
      ['secrets', 'server', 'audit', 'budgets', 'models', 'proof', 'gateway', 'egress', 'api'],
    )
    expect(enforced.filter((key) => /^(audit|gateway|server|secrets|api)/.test(key))).toEqual([
      'secrets.provider', 'server.listen', 'audit.log_path', 'audit.rotation.max_size', 'gateway.port',
      'api.auth.type', 'api.auth.tokens[].id', 'api.auth.tokens[].value', 'api.auth.tokens[].permissions',
    ])
  })
})
