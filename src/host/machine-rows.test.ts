import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { machineBelow } from './machine.ts'

const root = mkdtempSync(join(tmpdir(), 'machine-rows-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const machine = machineBelow(root)
const bytes = (name: string): string[] => readdirSync(join(root, name)).map((file) => `${file} ${readFileSync(join(root, name, file)).toString('base64')}`)

function database(name: string): DatabaseSync {
  mkdirSync(join(root, name))
  const made = new DatabaseSync(join(root, name, 'state.sqlite'))
  made.exec("pragma journal_mode = wal; create table notes (word text); insert into notes values ('tea')")
  return made
}

describe('rows of a database', () => {
  it('are read, and a closed database is left as it lies, without a file beside it', async () => {
    database('closed').close()
    const before = bytes('closed')
    expect(await machine.rows('/closed/state.sqlite', 'select word from notes')).toEqual([{ word: 'tea' }])
    expect(bytes('closed')).toEqual(before)
  })

  it('are those last written, also when somebody has it open and the journal holds them', async () => {
    const open = database('open')
    open.exec("insert into notes values ('milk')")
    expect(await machine.rows('/open/state.sqlite', 'select word from notes')).toEqual([{ word: 'tea' }, { word: 'milk' }])
    open.close()
  })

  it('are never written', async () => {
    database('kept').close()
    await expect(machine.rows('/kept/state.sqlite', "insert into notes values ('x')")).rejects.toMatchObject({ code: 'host.unreadable' })
    expect(await machine.rows('/kept/state.sqlite', 'select count(*) as n from notes')).toEqual([{ n: 1 }])
  })

  it('are null where there is no file, and an error where it is no database', async () => {
    expect(await machine.rows('/none/state.sqlite', 'select 1')).toBeNull()
    mkdirSync(join(root, 'folder.sqlite'))
    await expect(machine.rows('/folder.sqlite', 'select 1')).rejects.toMatchObject({ code: 'host.unreadable' })
  })
})
