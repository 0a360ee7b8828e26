import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cellFolders, createCell, findCell, neighborsOf, readCells, removeCell, type CellPorts } from './index.ts'

let root: string
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'hardshell-cells-')), 'cells')
})
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }))

const budget = { perDay: '$5', perMonth: '$50' }
const users = new Map<string, number>()
const world = (more: Partial<CellPorts> = {}): CellPorts => ({
  now: () => Date.UTC(2026, 10, 21),
  isFree: async () => true,
  userOf: (state) => users.get(state) ?? 70_000 + state.length,
  isRunning: async () => false,
  endProcesses: () => undefined,
  ...more,
})

describe('a new cell', () => {
  it('has folders nobody else enters, addresses of its own, a budget, and may connect to nothing', async () => {
    const { cell, folders } = await createCell(root, 'team-a', budget, world())
    expect(cell.ports).toEqual({ ingress: 19_000, model: 19_001, egress: 19_002, dns: 19_003, gateway: 19_004 })
    expect(statSync(folders.config).mode & 0o777).toBe(0o700)
    expect(statSync(root).mode & 0o777).toBe(0o711)
    expect(readFileSync(join(folders.config, 'config.yaml'), 'utf8')).toMatch(/listen: 127\.0\.0\.1:19000[\s\S]*port: 19004[\s\S]*per_day: "\$5"/)
    expect(readFileSync(join(folders.config, 'network.yaml'), 'utf8')).toMatch(/allowed_hosts: \[\][\s\S]*unidentified: refuse/)
    expect(readCells(root)).toEqual([cell])
  })

  it('never gets an address another one has, or that is taken', async () => {
    const first = await createCell(root, 'a', budget, world())
    const second = await createCell(root, 'bb', budget, world({ isFree: async (port) => port !== 19_012 }))
    const all = [...Object.values(first.cell.ports), ...Object.values(second.cell.ports)]
    expect(new Set(all).size).toBe(10)
    expect(all).not.toContain(19_012)
  })

  it.each(['', 'A', '../x', 'a/b', '-a', 'a'.repeat(32), 'a b', '1a'])('is not called %j', async (name) => {
    await expect(createCell(root, name, budget, world())).rejects.toMatchObject({ code: 'cells.bad-name' })
    expect(readCells(root)).toEqual([])
  })

  it('is refused when there is one of that name, or one with the same user', async () => {
    await createCell(root, 'one', budget, world())
    await expect(createCell(root, 'one', budget, world())).rejects.toMatchObject({ code: 'cells.exists', message: 'there is a cell one' })
    await expect(createCell(root, 'two', budget, world())).rejects.toMatchObject({ code: 'cells.exists', message: 'two would get the user of one' })
    expect(readCells(root).map(({ name }) => name)).toEqual(['one'])
  })

  it('does not move into a folder that lies there', async () => {
    mkdirSync(join(root, 'left-over'), { recursive: true })
    await expect(createCell(root, 'left-over', budget, world())).rejects.toMatchObject({ code: 'cells.exists', message: expect.stringContaining('is on no list') })
    expect(readCells(root)).toEqual([])
  })

  it('is not made beside a list that cannot be read, which stays as it is', async () => {
    mkdirSync(root)
    writeFileSync(join(root, 'cells.json'), '{"version":1,"cells":[{"name":"x"}]}')
    await expect(createCell(root, 'a', budget, world())).rejects.toMatchObject({ code: 'cells.damaged' })
    expect(readFileSync(join(root, 'cells.json'), 'utf8')).toContain('"x"')
  })
})

describe('cells beside each other', () => {
  it('know each other by the list, and a state that is no cell has no neighbors', async () => {
    await createCell(root, 'a', budget, world())
    await createCell(root, 'bb', budget, world())
    expect(neighborsOf(cellFolders(root, 'a').state)).toMatchObject({ own: { name: 'a' }, others: [{ name: 'bb' }] })
    expect(neighborsOf(join(root, 'elsewhere', 'state'))).toBeNull()
    expect(neighborsOf(join(root, '..'))).toBeNull()
  })

  it('are removed alone, with all that is theirs, and not while they run', async () => {
    await createCell(root, 'a', budget, world())
    const { folders } = await createCell(root, 'bb', budget, world())
    await expect(removeCell(root, 'a', world({ isRunning: async () => true }))).rejects.toMatchObject({ code: 'cells.running' })
    await removeCell(root, 'a', world())
    expect(readCells(root).map(({ name }) => name)).toEqual(['bb'])
    expect(() => statSync(cellFolders(root, 'a').root)).toThrow('ENOENT')
    expect(statSync(folders.config).isDirectory()).toBe(true)
    expect(() => findCell(root, 'a')).toThrow('there is no cell "a"')
  })
})
