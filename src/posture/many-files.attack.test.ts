import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStatus } from '../host/index.ts'
import { audit, reported, type AuditReport } from './audit.ts'
import { assess } from './compromise/assess.ts'
import type { Example } from './example.ts'
import { ExampleMachine } from './example-machine.ts'
import { gather } from './gather.ts'
import { judge } from './judge.ts'
import { Allowance, Turns } from './limited-machine.ts'
import { findCheck } from './registry.ts'
import { html } from './report/html.ts'
import { sarif } from './report/sarif.ts'
import { untold } from './unseen.ts'

const state = '/home/claw/.openclaw'
const key = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

/** A machine with a folder of very many equal files, which are made up when somebody asks. */
class Crowded extends ExampleMachine {
  private readonly crowd: Readonly<Record<string, readonly string[]>>
  private readonly content: string
  constructor(example: Example, crowd: Readonly<Record<string, number>>, { ending, content = 'x\n' }: { ending: string; content?: string }) {
    super({ ...example, files: { ...example.files, ...Object.fromEntries(Object.keys(crowd).map((folder) => [folder, { kind: 'folder' as const }])) } })
    this.crowd = Object.fromEntries(Object.entries(crowd).map(([folder, count]) => [folder, Array.from({ length: count }, (_, i) => `f${String(i).padStart(6, '0')}${ending}`)]))
    this.content = content
  }

  override async names(path: string): Promise<readonly string[] | null> {
    return this.crowd[path] ?? (await super.names(path))
  }

  override async status(path: string): Promise<FileStatus | null> {
    if (!(posix.dirname(path) in this.crowd)) return await super.status(path)
    return { kind: 'file', mode: 0o600, uid: 1000, gid: 1000, size: this.content.length, modifiedMs: Number(/\d+/.exec(posix.basename(path))![0]), target: null }
  }

  override async text(path: string): Promise<string | null> {
    return posix.dirname(path) in this.crowd ? this.content : await super.text(path)
  }
}

const crowded = (folder: string, count: number, form: { ending: string; content?: string }): Crowded => new Crowded({ config: {} }, { [folder]: count }, form)

async function reportOf(machine: ExampleMachine, ids: readonly string[]): Promise<AuditReport> {
  return reported(await audit(machine.subject(), { checks: ids.map((id) => findCheck(id)!), suppressions: [], others: [], named: true }))
}

describe('more files than are looked at', () => {
  const machine = crowded(`${state}/agents/main/sessions`, 10_500, { ending: '.jsonl' })

  it('are unknown with how many, and no pass', async () => {
    const { unknown, passed, leftOut } = await reportOf(machine, ['files.sessions-private', 'files.config-private', 'files.one-owner'])
    const why = `10000 of 10501 transcripts in ${state}/agents were looked at`
    expect(unknown).toEqual([{ id: 'files.sessions-private', why }, { id: 'files.one-owner', why }])
    expect(passed).toEqual(['files.config-private'])
    expect(leftOut).toEqual([{ part: 'stateFolder.sessions', what: 'transcripts', at: `${state}/agents`, looked: 10_000, of: 10_501 }])
  })

  it('are told in every form of the report, also where what was looked at is bad enough', async () => {
    const bad = crowded(`${state}/agents/main/sessions`, 2100, { ending: '.jsonl', content: `{"a":"${key}"}\n` })
    const report = await reportOf(bad, ['secrets.none-in-sessions'])
    expect(report.findings).toHaveLength(2000)
    const line = `2000 of 2100 transcripts in ${state}/agents were looked at; next: hardshell secrets clean-residue`
    expect(untold(report)).toEqual([line])
    expect(html(report, () => null)).toContain(line)
    expect(sarif(report, [findCheck('secrets.none-in-sessions')!], '1')).toContain(line)
    expect(JSON.stringify(report)).not.toContain(key)
  })

  it.each([
    ['skills', `${state}/workspace/skills/one`, 'SKILL.md', ['skills.not-writable-by-others', 'secrets.none-in-skills']],
    ['logs', `${state}/logs`, '.log', ['services.logs-rotated', 'secrets.none-in-logs']],
    ['notes', `${state}/workspace/memory`, '.md', ['memory.no-credentials', 'memory.no-hidden-characters']],
    ['homes', '/opt', '', ['containers.image-user']],
    ['plugins', `${state}/extensions`, '', ['versions.add-ons-not-affected']],
  ])('leave no check of %s passed', async (_, folder, ending, ids) => {
    const many = new Crowded({ uid: 0, config: {}, files: { [`${state}/workspace/skills/one/SKILL.md`]: 'x' } }, { [folder]: 6000 }, { ending })
    const { passed, skipped, unknown } = await reportOf(many, ids)
    expect({ passed, skipped }).toEqual({ passed: [], skipped: [] })
    expect(unknown.map(({ id }) => id)).toEqual(ids)
  })

  it('of the machine itself end in an answer that says so', async () => {
    const many = new Crowded({}, { '/etc/cron.d': 70_000 }, { ending: '' })
    const checks = [findCheck('cron.private-tables')!]
    const { unknown } = judge(checks, await gather(many.subject(), ['cron']))
    expect(unknown).toMatchObject([{ why: expect.stringMatching(/too much to look at: stopped after 60000|no answer within/) }])
  })
})

describe('an allowance', () => {
  const machine = new ExampleMachine({ files: { '/etc/a': 'abc', '/etc/b': 'abc' } })

  it('is for one fact, and ends', async () => {
    const view = new Allowance(new Turns(), { looks: 3, characters: 5 }).of(machine)
    await view.text('/etc/a')
    await view.text('/etc/b')
    await expect(view.text('/etc/a')).rejects.toThrow('there is too much to read')
    const looking = new Allowance(new Turns(), { looks: 2, characters: 5 }).of(machine)
    await looking.status('/etc/a')
    await looking.names('/etc')
    await expect(looking.status('/etc/b')).rejects.toThrow('stopped after 2 looks')
  })

  it('is over once nobody waits', async () => {
    const allowance = new Allowance(new Turns())
    allowance.stop()
    await expect(allowance.of(machine).text('/etc/a')).rejects.toThrow('nobody waits')
    await expect(allowance.of(machine).run(['true'])).rejects.toThrow('nobody waits')
  })

  it('gives the same view of the same machine, as readers compare them', () => {
    const allowance = new Allowance(new Turns())
    expect(allowance.of(machine)).toBe(allowance.of(machine))
  })

  it('lets a small fact go before a large one that was there first', async () => {
    const turns = new Turns()
    const order: string[] = []
    const [large, small] = [new Allowance(turns).of(machine), new Allowance(turns).of(machine)]
    const all = Array.from({ length: 200 }, async () => await large.text('/etc/a').then(() => void order.push('large')))
    await Promise.all([...all, small.text('/etc/b').then(() => void order.push('small'))])
    expect(order.indexOf('small')).toBeLessThan(40)
  })
})

describe('"was I hit?" among very many files', () => {
  it('looks at the newest and says how many it did not', async () => {
    const many = crowded(`${state}/logs`, 5200, { ending: '.log' })
    const assessed = await assess({ home: '/home/claw', stateDir: state, config: null }, { machine: many, realPath: async () => null, now: () => 0 })
    expect(assessed.looked.find(({ area }) => area === 'logs')?.files).toBe(5000)
    expect(assessed.unread).toContainEqual({ at: `${state}/logs`, why: '200 older of 5200 files: only the newest 5000 are looked at' })
  })

  it('stops walking when the time is over, with one sentence for a place', async () => {
    const many = crowded(`${state}/logs`, 60_000, { ending: '.log' })
    const { unread } = await assess({ home: '/home/claw', stateDir: state, config: null }, { machine: many, realPath: async () => null, now: () => 0 })
    expect(unread).toContainEqual({ at: `${state}/logs`, why: 'more than 50000 files and folders: the others were not looked at' })
    let time = 0
    const late = await assess({ home: '/home/claw', stateDir: state, config: null, deadlineMs: 100 }, { machine: many, realPath: async () => null, now: () => (time += 1) })
    expect(late.unread.length).toBeLessThan(120)
    expect(late.unread.some(({ why }) => why.startsWith('out of time'))).toBe(true)
  })
})
