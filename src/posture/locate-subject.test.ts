import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { machineBelow, type Machine } from '../host/index.ts'
import { locateSubject, type Guarded, type Located, type Machines, type Named } from './locate-subject.ts'

const now = Date.UTC(2026, 10, 21)

function folderWith(files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'locate-'))
  for (const path of files) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), path.endsWith('passwd') ? 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n' : '{}')
  }
  return root
}

/** A machine of a few files that is asked as if it were this one. */
function machinesOf(files: readonly string[], more: Partial<Machine> = {}): Machines {
  const here: Machine = { ...machineBelow(folderWith(files), { home: '/home/ann' }), live: true, uid: 1000, ...more }
  return { here, below: (root) => machineBelow(root) }
}

const locate = async (machines: Machines, named: Named = {}, guarded: readonly Guarded[] = []): Promise<Located> => await locateSubject(named, guarded, machines, now)

describe('what is judged when nothing is named', () => {
  it('is the home of whoever asks, under the oldest name too', async () => {
    for (const path of ['.openclaw/openclaw.json', '.clawdbot/clawdbot.json', '.moltbot/moltbot.json', '.openclaw/clawdbot.json']) {
      const { subject, named } = await locate(machinesOf([`home/ann/${path}`]))
      expect([subject.config, subject.stateDir, named]).toEqual([`/home/ann/${path}`, dirname(`/home/ann/${path}`), false])
      expect(subject.host).toBe(subject.files)
    }
  })

  it('is what the environment of OpenClaw names before that', async () => {
    const env = { OPENCLAW_CONFIG_PATH: '/srv/claw.json', OPENCLAW_STATE_DIR: '/srv/state' }
    const { subject, others } = await locate(machinesOf(['home/ann/.openclaw/openclaw.json', 'srv/claw.json', 'srv/state/agents/x'], { env }))
    expect([subject.config, subject.stateDir]).toEqual(['/srv/claw.json', '/srv/state'])
    expect(others).toEqual(['/home/ann/.openclaw/openclaw.json'])
  })

  it('is what our own guard stands before first of all', async () => {
    const guarded: Guarded = { config: '/var/lib/hardshell/openclaw.json', stateDir: '/var/lib/hardshell/state', home: '/var/lib/hardshell', guard: { configDir: '/etc/openclaw', stateDir: '/var/lib/hardshell' } }
    const { subject, others } = await locate(machinesOf(['home/ann/.openclaw/openclaw.json', 'var/lib/hardshell/openclaw.json']), {}, [guarded])
    expect([subject.config, subject.guard]).toEqual([guarded.config, guarded.guard])
    expect(others).toEqual(['/home/ann/.openclaw/openclaw.json'])
  })

  it('is, for root, also in the homes of others, which it sees as their owner; for anybody else it is not', async () => {
    const files = ['etc/passwd', 'home/ann/.openclaw/openclaw.json', 'etc/openclaw/openclaw.json', 'root/.openclaw-lab/openclaw.json']
    const root = await locate(machinesOf(files, { uid: 0, home: '/root' }))
    expect([root.subject.config, ...root.others]).toEqual(['/root/.openclaw-lab/openclaw.json', '/home/ann/.openclaw/openclaw.json', '/etc/openclaw/openclaw.json'])
    const bob = await locate(machinesOf(files, { uid: 1001, home: '/home/bob' }))
    expect([bob.subject.config, bob.others]).toEqual(['/etc/openclaw/openclaw.json', []])
  })

  it('is the machine alone where there is no OpenClaw, also beside a folder with our own files', async () => {
    const { subject } = await locate(machinesOf(['home/ann/.openclaw/config.yaml']))
    expect([subject.config, subject.stateDir]).toEqual([null, null])
    expect(subject.host).not.toBeNull()
  })
})

describe('what is judged when it is named', () => {
  const machines: Machines = { here: { ...machineBelow('/'), live: true }, below: (root) => machineBelow(root) }

  it('is one file without a machine, which is then not asked about', async () => {
    const root = folderWith(['openclaw.json'])
    const { subject, named } = await locate(machines, { config: join(root, 'openclaw.json') })
    expect([subject.config, subject.stateDir, subject.host, named]).toEqual([join(root, 'openclaw.json'), null, null, true])
  })

  it('is a state folder with the configuration in it, under whatever name', async () => {
    const root = folderWith(['moltbot.json'])
    expect((await locate(machines, { stateDir: root })).subject.config).toBe(join(root, 'moltbot.json'))
  })

  it('is the copy of a machine, whose own paths are told where the files lie in it', async () => {
    const root = folderWith(['home/ann/.openclaw/openclaw.json', 'etc/passwd'])
    const inside = await locate(machines, { hostRoot: root, stateDir: join(root, 'home/ann/.openclaw') })
    expect([inside.subject.config, inside.subject.files.home, inside.subject.host?.live]).toEqual(['/home/ann/.openclaw/openclaw.json', '/home/ann', false])
    expect(inside.subject.host).toBe(inside.subject.files)
    const searched = await locate(machines, { hostRoot: root })
    expect(searched.subject.config).toBe('/home/ann/.openclaw/openclaw.json')
    const beside = folderWith(['openclaw.json'])
    const outside = await locate(machines, { hostRoot: root, config: join(beside, 'openclaw.json') })
    expect([outside.subject.config, outside.subject.host === outside.subject.files]).toEqual([join(beside, 'openclaw.json'), false])
    expect(await outside.subject.host?.text('/etc/passwd')).toContain('ann')
  })

  it('must be there and be what it is said to be', async () => {
    const root = folderWith(['openclaw.json'])
    await expect(locate(machines, { config: join(root, 'nope.json') })).rejects.toMatchObject({ code: 'posture.missing', message: expect.stringContaining('nope.json') })
    await expect(locate(machines, { config: root })).rejects.toMatchObject({ code: 'posture.unreadable' })
    await expect(locate(machines, { stateDir: join(root, 'openclaw.json') })).rejects.toMatchObject({ code: expect.stringMatching(/^posture\./) })
    await expect(locate(machines, { hostRoot: join(root, 'nope') })).rejects.toMatchObject({ code: 'posture.missing', message: expect.stringContaining('--host-root') })
  })

  it('must be readable', async () => {
    const closed: Machines = { ...machines, here: { ...machines.here, text: async () => await Promise.reject(new Error('cannot read: EACCES')) } }
    await expect(locate(closed, { config: '/x/openclaw.json' })).rejects.toMatchObject({ code: 'posture.unreadable', hint: 'ls -l /x/openclaw.json' })
  })
})
