import { existsSync } from 'node:fs'
import { chmod, mkdtemp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hardshell, runToEnd } from './command.ts'

// What the profiles say is tested beside them; here their readers judge them: systemd, Compose, AppArmor, a shell.
const has = (...paths: string[]): boolean => paths.some((path) => existsSync(path))
const noSystemd = !has('/usr/bin/systemd-analyze', '/bin/systemd-analyze')
const noCompose = !has('/usr/bin/docker-compose')
const noAppArmor = !has('/usr/sbin/apparmor_parser', '/sbin/apparmor_parser')

let folder: string
let config: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hardshell-profiles-'))
  config = join(folder, 'settings $HOME')
  await mkdir(config)
  await writeFile(join(config, 'config.yaml'), 'profiles:\n  limits: { cpus: 1.5, memory: 2GB }\n')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const generate = (...args: string[]): ReturnType<typeof hardshell> => hardshell(['generate', ...args, '--state', '/var/lib/hardshell', '--config', config])

describe('hardshell generate', () => {
  it('lists every profile, and names the nearest when asked for another', async () => {
    const listed = await hardshell(['generate', '--list', '--json'])
    expect((JSON.parse(listed.out) as { name: string }[]).map(({ name }) => name)).toEqual(['apparmor', 'compose', 'containerfile', 'kubernetes', 'podman', 'systemd', 'systemd-parts'])
    const wrong = await generate('kubernets')
    expect(wrong).toMatchObject({ status: 2, err: expect.stringContaining('did you mean kubernetes?') as string })
  })

  it('takes limits from the configuration', async () => {
    const { out } = await generate('systemd-parts')
    expect(out).toContain('CPUQuota=150%')
    expect(out).toContain('MemoryMax=2000000000')
  })

  it('writes a folder, leaves it alone the second time, and shows what differs before it replaces anything', async () => {
    const out = join(folder, 'units')
    expect((await generate('systemd', '--out', out)).status).toBe(0)
    const path = join(out, 'hardshell.service')
    const made = await readFile(path, 'utf8')
    expect((await stat(path)).mode & 0o777).toBe(0o644)
    expect((await generate('systemd', '--out', out)).out).toContain(`unchanged ${path}`)

    await writeFile(path, made.replace('NoNewPrivileges=yes', 'NoNewPrivileges=no'))
    const refused = await generate('systemd', '--out', out)
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('--force') as string })
    expect(refused.out).toContain('- NoNewPrivileges=no\n+ NoNewPrivileges=yes')
    expect(await readFile(path, 'utf8')).toContain('NoNewPrivileges=no')

    expect((await generate('systemd', '--out', out, '--force')).status).toBe(0)
    expect(await readFile(path, 'utf8')).toBe(made)
  })
})

describe('judged by their readers', () => {
  it.skipIf(noSystemd).each(['systemd', 'systemd-parts'])('systemd finds no fault with the units of %s and measures no more exposure than is promised', async (profile) => {
    const { status, out } = await generate(profile, '--check', '--json')
    const { units } = JSON.parse(out) as { units: { unit: string; exposure: number; complaints: string[]; limit: number }[] }
    expect(units.flatMap(({ complaints }) => complaints)).toEqual([])
    const openclaw = units.find(({ unit }) => unit === 'openclaw.service')
    if (profile === 'systemd-parts') expect(openclaw!.exposure).toBeLessThanOrEqual(1.5)
    expect(status).toBe(0)
  })

  it.skipIf(noCompose)('Compose reads its file, and refuses it without a pinned image', async () => {
    const out = join(folder, 'compose')
    await generate('compose', '--out', out)
    const read = (env: Record<string, string>): ReturnType<typeof runToEnd> => runToEnd('docker-compose', ['config'], { env, cwd: out })
    const accepted = await read({ NODE_IMAGE: `node@sha256:${'0'.repeat(64)}` })
    expect(accepted.err).toBe('')
    expect(accepted.out).toContain('settings $$HOME')
    const unpinned = await read({})
    expect(unpinned.status).not.toBe(0)
    expect(unpinned.err).toContain('pinned by its digest')
  })

  it.skipIf(noAppArmor)('AppArmor compiles both profiles, also for a folder with pattern letters in its name', async () => {
    for (const state of ['/var/lib/hardshell', '/srv/a{b}[c]*? "d"^\\e']) {
      const out = join(folder, `apparmor-${state.length}`)
      await hardshell(['generate', 'apparmor', '--out', out, '--state', state, '--config', config])
      for (const name of ['openclaw', 'openclaw-tool']) {
        const parsed = await runToEnd('apparmor_parser', ['-Q', '-K', join(out, name)])
        expect(parsed, parsed.err).toMatchObject({ status: 0 })
      }
    }
  })

  it('a shell reads the Podman script', async () => {
    const out = join(folder, 'podman')
    await generate('podman', '--out', out)
    expect(await runToEnd('sh', ['-n', join(out, 'podman-up')])).toMatchObject({ status: 0, err: '' })
    expect((await stat(join(out, 'podman-up'))).mode & 0o111).toBe(0o111)
  })

  it('the Podman script asks for nothing but what it says, word by word', async () => {
    const out = join(folder, 'podman-words')
    await generate('podman', '--out', out)
    const fake = join(folder, 'bin')
    await mkdir(fake)
    await writeFile(join(fake, 'podman'), '#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\nprintf "\\n"\n[ "$2" != exists ]\n')
    await chmod(join(fake, 'podman'), 0o755)
    const { out: said } = await runToEnd('sh', [join(out, 'podman-up')], { env: { PATH: `${fake}:${process.env['PATH'] ?? ''}` } })
    const openclaw = said.split('\n').map((line) => line.split('\0')).find((words) => words[0] === 'run' && words.includes('hardshell-openclaw'))!
    const after = (word: string): string[] => openclaw.flatMap((one, index) => (one === word ? [openclaw[index + 1]!] : []))
    expect(openclaw).toContain('--read-only')
    expect(after('--cap-drop')).toEqual(['ALL'])
    expect(after('--security-opt')).toEqual(['no-new-privileges', 'seccomp=seccomp.json'])
    expect(after('--user')).toEqual(['10002:10002'])
    expect(after('--network')).toEqual([expect.stringMatching(/^hardshell-inside:ip=/)])
    expect(after('--cpus')).toEqual(['1.5'])
    expect(after('--memory')).toEqual(['2000000000'])
  })

  it('the Podman script starts nothing for a user whose limits Podman would ignore, unless told to', async () => {
    const out = join(folder, 'podman-user')
    await generate('podman', '--out', out)
    const fake = join(folder, 'user-bin')
    await mkdir(fake)
    await writeFile(join(fake, 'podman'), `#!/bin/sh\ncase $1 in info) echo 'true v1';; *) echo "$1" >> ${out}/said; [ "$2" != exists ];; esac\n`)
    await chmod(join(fake, 'podman'), 0o755)
    const up = (env: Record<string, string>): ReturnType<typeof runToEnd> => runToEnd('sh', [join(out, 'podman-up')], { env: { PATH: `${fake}:${process.env['PATH'] ?? ''}`, ...env } })
    expect(await up({})).toMatchObject({ status: 1, err: expect.stringContaining('cannot limit containers with cgroup v1') as string })
    expect(existsSync(join(out, 'said'))).toBe(false)
    expect(await up({ DANGEROUSLY_WITHOUT_LIMITS: '1' })).toMatchObject({ status: 0 })
    expect(await readFile(join(out, 'said'), 'utf8')).toContain('run\n')
  })
})
