import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAuditLog } from '../../auditlog/index.ts'
import { systemClock } from '../../base/index.ts'
import { lastProofs } from './proofs.ts'

const line = (fields: object): string => JSON.stringify({ seq: 1, timestamp: '2026-11-21T10:00:00.000Z', ...fields })
const proof = (surface: string, decision: string | undefined, more: object = {}): string => line({ event_type: 'proof', surface, ...(decision ? { decision } : {}), result_summary: 'seen', ...more })

describe('the last proofs in a log', () => {
  it('are the newest of each surface', () => {
    const log = [proof('egress', 'allow'), proof('dns', 'allow'), proof('egress', 'deny', { timestamp: '2026-11-21T10:05:00.000Z' })].join('\n')
    expect(lastProofs(log)).toEqual([
      { id: 'dns', ok: true, at: Date.UTC(2026, 10, 21, 10), detail: 'seen' },
      { id: 'egress', ok: false, at: Date.UTC(2026, 10, 21, 10, 5), detail: 'seen' },
    ])
  })

  it('are read from a log as the guard writes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hardshell-proofs-'))
    mkdirSync(join(folder, 'audit'))
    const path = join(folder, 'audit', 'audit.log')
    const log = await openAuditLog({ path }, { clock: systemClock })
    const before = Date.now() - 1
    await log.append({ event_type: 'proof', surface: 'ingress', nonce: 'n1', decision: 'allow', result_summary: 'refused with 401', severity: 'info' })
    await log.append({ event_type: 'proof', surface: 'audit-log', nonce: 'n2', reason: 'this line has to be found' })
    await log.append({ event_type: 'proof', surface: 'kernel', nonce: 'n3', decision: 'deny', result_summary: 'a way out', severity: 'critical' })
    await log.close()
    const found = lastProofs(readFileSync(path, 'utf8'))
    rmSync(folder, { recursive: true })
    expect(found).toMatchObject([{ id: 'ingress', ok: true, detail: 'refused with 401' }, { id: 'kernel', ok: false, detail: 'a way out' }])
    expect(found.every(({ at }) => at >= before && at <= Date.now())).toBe(true)
  })

  it('are those since the guard was last stopped', () => {
    expect(lastProofs([proof('old', 'allow'), line({ event_type: 'lifecycle', reason: 'guard stopped' }), proof('egress', 'allow')].join('\n')).map(({ id }) => id)).toEqual(['egress'])
  })

  it('leave out the attempts of a proof, other events that speak of proofs, and broken lines', () => {
    const log = [proof('audit-log', undefined), line({ event_type: 'tool_call', input_summary: '"event_type":"proof"', decision: 'allow', surface: 'fake' }), '{"event_type":"proof"', 'null'].join('\n')
    expect(lastProofs(log)).toEqual([])
  })
})
