import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cellFolders, createCell, neighborsOf, readCells, removeCell, type CellPorts } from './index.ts'

// Another user of the machine, who was there first.
let base: string
let root: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'hardshell-cells-'))
  root = join(base, 'cells')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const budget = { perDay: '$5', perMonth: '$50' }
const isRoot = process.getuid?.() === 0
const ended: number[] = []
const world: CellPorts = { now: () => 0, isFree: async () => true, userOf: (state) => 70_000 + state.length, isRunning: async () => false, endProcesses: (uid) => void ended.push(uid) }

const cell = (name: string): object => ({ name, createdAt: '', ports: { ingress: 1, model: 2, egress: 3, dns: 4, gateway: 5 }, uid: 7 })
const forge = (...names: string[]): void => {
  mkdirSync(root, { mode: 0o711 })
  writeFileSync(join(root, 'cells.json'), JSON.stringify({ version: 1, cells: names.map(cell) }))
}

describe('a root somebody else prepared', () => {
  it('is no link: what it leads to keeps its mode and stays empty', async () => {
    const theirs = join(base, 'theirs')
    mkdirSync(theirs, { mode: 0o700 })
    symlinkSync(theirs, root)
    await expect(createCell(root, 'a', budget, world)).rejects.toMatchObject({ code: 'cells.foreign' })
    expect([statSync(theirs).mode & 0o777, readdirSync(theirs)]).toEqual([0o700, []])
  })

  it('lies in no folder where others can put something else in its place', async () => {
    chmodSync(base, 0o777)
    await expect(createCell(root, 'a', budget, world)).rejects.toMatchObject({ code: 'cells.foreign', message: expect.stringContaining(base) })
    expect(() => lstatSync(root)).toThrow('ENOENT')
    chmodSync(base, 0o1777) // as /tmp is: nobody can move what is another's
    expect((await createCell(root, 'a', budget, world)).cell.name).toBe('a')
  })

  it('is never filled, read or emptied when others can write into it', async () => {
    forge('a')
    chmodSync(root, 0o777)
    await expect(createCell(root, 'b', budget, world)).rejects.toMatchObject({ code: 'cells.foreign' })
    await expect(removeCell(root, 'a', world)).rejects.toMatchObject({ code: 'cells.foreign' })
    expect(() => readCells(root)).toThrow(/others can write/)
  })

  it.runIf(isRoot)('is nobody else’s', async () => {
    forge('a')
    chownSync(root, 65_534, 65_534)
    await expect(createCell(root, 'b', budget, world)).rejects.toMatchObject({ code: 'cells.foreign' })
    expect(() => readCells(root)).toThrow(/belongs to user 65534/)
    chownSync(root, 0, 0)
    chownSync(join(root, 'cells.json'), 65_534, 65_534)
    expect(() => readCells(root)).toThrow(/belongs to user 65534/)
  })

  it('does not lend its list: a link in its place is none', () => {
    mkdirSync(root, { mode: 0o711 })
    writeFileSync(join(base, 'other.json'), JSON.stringify({ version: 1, cells: [cell('a')] }))
    symlinkSync(join(base, 'other.json'), join(root, 'cells.json'))
    expect(() => readCells(root)).toThrow(/is a link/)
  })
})

describe('a list of cells', () => {
  it.each([['../../etc'], ['/etc'], ['a/../../b'], [''], ['.'], ['a\u001b[2J'], ['__proto__']])('holds no name that leads elsewhere: %j', async (name) => {
    forge(name)
    expect(() => readCells(root)).toThrow(expect.objectContaining({ code: 'cells.damaged' }))
    await expect(removeCell(root, name, world)).rejects.toMatchObject({ code: 'cells.damaged' })
  })

  it('holds no name twice', () => {
    forge('a', 'a')
    expect(() => readCells(root)).toThrow(expect.objectContaining({ code: 'cells.damaged' }))
  })
})

describe('removal', () => {
  it('ends what the agents of the cell left running, first: they could put links in its way', async () => {
    const { cell: made, folders } = await createCell(root, 'a', budget, world)
    const seen: boolean[] = []
    await removeCell(root, 'a', { ...world, endProcesses: (uid) => void seen.push(uid === made.uid && statSync(folders.root).isDirectory()) })
    expect(seen).toEqual([true])
    expect(() => lstatSync(folders.root)).toThrow('ENOENT')
  })

  it('ends nobody whose number somebody wrote into the list', async () => {
    forge('a')
    ended.length = 0
    await removeCell(root, 'a', world)
    expect([ended, readCells(root)]).toEqual([[], []])
  })

  it('follows no link, in the place of the cell or inside it', async () => {
    const precious = join(base, 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'file'), 'x')
    const { folders } = await createCell(root, 'a', budget, world)
    symlinkSync(precious, join(folders.state, 'link'))
    await removeCell(root, 'a', world)
    await createCell(root, 'bb', budget, world)
    rmSync(cellFolders(root, 'bb').root, { recursive: true })
    symlinkSync(precious, cellFolders(root, 'bb').root)
    await removeCell(root, 'bb', world)
    expect(readdirSync(precious)).toEqual(['file'])
  })
})

it('of two who make a cell at once each gets another one, or is told', async () => {
  const made = await Promise.allSettled(['a', 'bb', 'ccc', 'a'].map((name) => createCell(root, name, budget, world)))
  const cells = readCells(root)
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(cells.length)
  expect(new Set(cells.map(({ ports }) => ports.ingress)).size).toBe(cells.length)
  for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: expect.stringMatching(/^cells\.(locked|exists)$/) })
})

it('a state that only looks like that of a cell is none', () => {
  forge('a')
  expect(neighborsOf(join(root, 'a', 'state', '..', '..', 'b', 'state'))).toBeNull()
})

it.each([[0o000], [0o077], [0o777]])('the folders of a cell are what they have to be under umask %o', async (mask) => {
  const before = process.umask()
  try {
    process.umask(mask)
  } catch {
    return expect(before).toBeTypeOf('number') // workers cannot change it
  }
  try {
    const { folders } = await createCell(root, 'a', budget, world)
    expect([root, folders.root, folders.config, folders.state].map((path) => statSync(path).mode & 0o777)).toEqual([0o711, 0o711, 0o700, 0o711])
  } finally {
    process.umask(before)
  }
})
