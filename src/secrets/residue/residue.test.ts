import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret, systemRandom } from '../../base/index.ts'
import { openLocalStore, type LocalStore } from '../index.ts'
import { canary, failureOf, file, SecretPlaces } from '../secrets.test.kit.ts'
import { cleanResidue, residueMark, undoResidue } from './clean.ts'
import { findResidue, type ResidueFinders } from './find.ts'
import { residuePlaces, type ResiduePlace } from './places.ts'

const shaped = ['shape', '-', '1234567890'].join('')
const finders: ResidueFinders = {
  known: new Map([['MY_API_KEY', new Secret(canary)], ['PIN', new Secret('1234')]]),
  findSecrets: (text) => [...text.matchAll(/shape-\d+/g)].map((match) => ({ type: 'shaped', start: match.index, end: match.index + match[0].length })),
}

let places: SecretPlaces
let undo: LocalStore
let home: string
let openclaw: string
let clock: { now(): number; monotonicMs(): number }
beforeEach(() => {
  places = new SecretPlaces()
  home = join(places.folder, 'home')
  openclaw = join(home, '.openclaw')
  mkdirSync(openclaw, { recursive: true })
  clock = { now: () => Date.parse('2026-11-21T12:00:00Z'), monotonicMs: () => 0 }
  undo = openLocalStore({ path: join(places.folder, 'undo.json'), keyPath: places.localKeyPath }, { clock, random: systemRandom })
})
afterEach(() => places.remove())

const all = (): Promise<ResiduePlace[]> => residuePlaces({ openclaw: [openclaw], home, folders: [] })

describe('where old secrets are looked for', () => {
  it("are OpenClaw's rotated configurations, .env files and histories, not the configuration itself", async () => {
    for (const name of ['openclaw.json', 'openclaw.json.bak', 'openclaw.json.bak.3', 'openclaw.json.last-good', '.env', '.env.local', '.env.example']) writeFileSync(join(openclaw, name), '')
    const paths = (await all()).map(({ path }) => path.slice(home.length + 1))
    expect(paths.filter((path) => path.startsWith('.openclaw'))).toEqual(['.env', '.env.local', 'openclaw.json.bak', 'openclaw.json.bak.3', 'openclaw.json.last-good'].map((name) => `.openclaw/${name}`))
    expect(paths).toContain('.bash_history')
  })
})

describe('what is found', () => {
  it('is named by file, line and kind, by value and by shape, and never quoted', async () => {
    file(join(home, '.bash_history'), `ls\nexport K=${canary}\ncurl -H ${shaped}\n`)
    const found = await findResidue(await all(), finders)
    expect(found).toEqual([{ path: join(home, '.bash_history'), removal: 'mark', refused: null, spots: [{ line: 2, what: 'MY_API_KEY' }, { line: 3, what: 'shaped' }] }])
    expect(JSON.stringify(found)).not.toContain(canary)
  })

  it('is not a short value, which is everywhere', async () => {
    file(join(home, '.bash_history'), 'echo 1234\n')
    expect(await findResidue(await all(), finders)).toEqual([])
  })
})

describe('cleaning', () => {
  it('marks the secret in a backup and leaves the rest, its rights and its encoding', async () => {
    const path = join(openclaw, 'openclaw.json.bak')
    file(path, Buffer.concat([Buffer.from(`{"apiKey":"${canary}","name":"`), Buffer.from([0xff, 0xe9]), Buffer.from('"}')]), 0o640)
    expect(await cleanResidue(await all(), finders, { undo, clock })).toEqual([{ path, removed: 1, refused: null }])
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from(`{"apiKey":"${residueMark}","name":"`), Buffer.from([0xff, 0xe9]), Buffer.from('"}')]))
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('takes whole lines out of .env, where a mark would be read as the key', async () => {
    const path = join(openclaw, '.env')
    file(path, `A=1\nMY_API_KEY=${canary}\nTWO="${shaped} ${shaped}"\nB=2\nLAST=${canary}`)
    await cleanResidue(await all(), finders, { undo, clock })
    expect(readFileSync(path, 'utf8')).toBe('A=1\nB=2\n')
  })

  it('puts everything back byte for byte, and not over what somebody wrote since', async () => {
    const [one, two] = [join(openclaw, '.env'), join(home, '.zsh_history')]
    file(one, `K=${canary}\n`)
    file(two, `: 1:0;echo ${canary}\n`)
    await cleanResidue(await all(), finders, { undo, clock })
    writeFileSync(two, 'something new\n')
    const restored = await undoResidue(undo)
    expect(new Map(restored.map(({ path, refused }) => [path, refused === null]))).toEqual(new Map([[one, true], [two, false]]))
    expect(readFileSync(one, 'utf8')).toBe(`K=${canary}\n`)
    expect(readFileSync(two, 'utf8')).toBe('something new\n')
    expect(readFileSync(join(places.folder, 'undo.json'), 'utf8')).not.toContain(canary)
  })

  it.each([
    ['a symbolic link', 'it is a symbolic link', (path: string) => symlinkSync(file(`${path}.target`, ''), path)],
    ['a pipe', 'it is not a regular file', (path: string) => void execFileSync('mkfifo', [path])],
    ['nothing', 'it is gone', () => {}],
  ])('puts nothing back where %s is now, and does not wait for it', async (_, reason, put) => {
    const path = file(join(openclaw, '.env'), `K=${canary}\n`)
    await cleanResidue(await all(), finders, { undo, clock })
    rmSync(path)
    put(path)
    expect(await undoResidue(undo)).toEqual([{ path, removed: 0, refused: `${reason}: what it held before stays sealed` }])
    expect(await undo.list()).toHaveLength(1)
  })

  it('changes nothing a second time', async () => {
    file(join(openclaw, '.env'), `K=${canary}\n`)
    await cleanResidue(await all(), finders, { undo, clock })
    expect(await cleanResidue(await all(), finders, { undo, clock })).toEqual([])
  })

  it('refuses links, second names and what is no file, and says why', async () => {
    const target = file(join(places.folder, 'target'), `K=${canary}\n`)
    symlinkSync(target, join(openclaw, '.env'))
    const history = file(join(home, '.bash_history'), `${canary}\n`)
    linkSync(history, join(places.folder, 'second-name'))
    mkdirSync(join(home, '.zsh_history'))
    const cleaned = await cleanResidue(await all(), finders, { undo, clock })
    expect(cleaned.map(({ path, refused }) => [path.slice(home.length + 1), refused])).toEqual([
      ['.bash_history', 'it has a second name (hard link)'],
      ['.openclaw/.env', 'it is a symbolic link'],
      ['.zsh_history', 'it is not a regular file'],
    ])
    expect(readFileSync(target, 'utf8') + readFileSync(history, 'utf8')).toContain(canary)
  })

  it.skipIf(process.getuid?.() !== 0)("refuses what belongs to somebody else, also to root's hands", async () => {
    const { chownSync } = await import('node:fs')
    const path = file(join(home, '.bash_history'), `${canary}\n`)
    chownSync(path, 65_534, 65_534)
    expect(await cleanResidue(await all(), finders, { undo, clock })).toEqual([{ path, removed: 0, refused: 'it belongs to user 65534: run this as that user' }])
  })

  it('has nothing to undo before anything was done', async () => {
    expect((await failureOf(undoResidue(undo))).code).toBe('secrets.residue-refused')
  })
})
