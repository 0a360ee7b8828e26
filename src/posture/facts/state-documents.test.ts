import { describe, expect, it } from 'vitest'
import { ExampleMachine } from '../machine.test.kit.ts'
import { stateDocument } from './state-documents.ts'

const place = { file: 'exec-approvals.json', table: 'exec_approvals_config', row: 'exec_approvals_config', query: 'select raw_json as text from exec_approvals_config limit 1' }
const read = async (files: Record<string, string>): Promise<unknown> => await stateDocument(new ExampleMachine({ files }).subject(), place)

describe('a document OpenClaw keeps for itself', () => {
  it('is the file of before, where there is one', async () => {
    expect(await read({ '$STATE/exec-approvals.json': '{}' })).toMatchObject({ text: '{}', file: '/home/claw/.openclaw/exec-approvals.json' })
  })

  it('is a row of the database since', async () => {
    const document = await read({ '$STATE/state/openclaw.sqlite': `create table exec_approvals_config (raw_json text); insert into exec_approvals_config values ('{"version":1}');` })
    expect(document).toEqual({ at: '/home/claw/.openclaw/state/openclaw.sqlite#exec_approvals_config', file: null, text: '{"version":1}' })
  })

  it('is absent without a database, without the table and without a row', async () => {
    expect(await read({ '$STATE/openclaw.json': '{}' })).toBeNull()
    expect(await read({ '$STATE/state/openclaw.sqlite': '' })).toBeNull()
    expect(await read({ '$STATE/state/openclaw.sqlite': 'create table exec_approvals_config (raw_json text);' })).toBeNull()
  })

  it('is an error, not absent, when the database is broken', async () => {
    await expect(read({ '$STATE/state/openclaw.sqlite': 'this is no database' })).rejects.toThrow(/syntax error/)
  })
})
