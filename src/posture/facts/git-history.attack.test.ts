import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram, machineBelow } from '../../host/index.ts'
import { gather, unseenOf } from '../gather.ts'
import { judge } from '../judge.ts'
import { findCheck } from '../registry.ts'

const secret = ['ghp', 'R7tQ2mXv9LkZ4nWs8bYc1dJf6hGp3aEu5xNo'].join('_')
const check = findCheck('secrets.none-in-git-history')!

describe.skipIf(findProgram('git') === null)('the history of a workspace (where Git is installed)', { timeout: 30_000 }, () => {
  let root: string
  let workspace: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'history-'))
    workspace = join(root, 'home/ann/.openclaw/workspace')
    mkdirSync(workspace, { recursive: true })
    writeFileSync(join(root, 'home/ann/.openclaw/openclaw.json'), '{}')
    git('init', '--quiet', '--initial-branch=main')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  function git(...args: string[]): void {
    const { status, stderr } = spawnSync('git', ['-C', workspace, '-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false', ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: root } })
    expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({ args, status: 0, stderr: '' })
  }

  function commit(name: string, text: string | null): void {
    if (text === null) rmSync(join(workspace, name))
    else writeFileSync(join(workspace, name), text)
    git('add', '--all')
    git('commit', '--quiet', '--message', 'x')
  }

  async function answered(): Promise<{ at: string; evidence: string }[] | { why: string }[]> {
    const machine = machineBelow(root, { home: '/home/ann' })
    const state = '/home/ann/.openclaw'
    const gathered = await gather({ host: machine, files: machine, config: `${state}/openclaw.json`, stateDir: state, guard: null, now: 0 }, check.needs)
    expect(unseenOf(gathered)).toEqual([])
    const { findings, unknown } = judge([check], gathered)
    return unknown.length > 0 ? unknown.map(({ why }) => ({ why })) : findings.map(({ at, evidence }) => ({ at, evidence }))
  }

  it('is searched though the file is gone, packed or on another branch, and the secret is not told', async () => {
    commit('.env', `GITHUB_TOKEN=${secret}\n`)
    commit('.env', null)
    const expected = [{ at: '/home/ann/.openclaw/workspace/.env', evidence: expect.stringMatching(/github.* in commit [0-9a-f]{10}$/) as string }]
    expect(await answered()).toEqual(expected)
    git('gc', '--quiet')
    expect(await answered()).toEqual(expected)
    git('checkout', '--quiet', '--orphan', 'clean')
    git('rm', '-r', '--force', '--quiet', '--ignore-unmatch', '.')
    commit('README.md', 'nothing\n')
    expect(await answered()).toEqual(expected)
    expect(JSON.stringify(await answered())).not.toContain(secret)
    git('branch', '--delete', '--force', 'main')
    expect(await answered()).toEqual([])
  })

  it('runs nothing its configuration, attributes or hooks name, and writes nothing into it', async () => {
    const marker = join(root, 'ran')
    const program = join(root, 'program')
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`)
    chmodSync(program, 0o755)
    commit('.gitattributes', '* diff=evil filter=evil\n')
    commit('notes.md', `GITHUB_TOKEN=${secret}\n`)
    const settings = { 'diff.external': program, 'diff.evil.textconv': program, 'diff.evil.command': program, 'core.fsmonitor': program, 'core.pager': program, 'pager.log': program, 'gpg.program': program, 'log.showSignature': 'true', 'core.sshCommand': program, 'remote.origin.url': 'ssh://nowhere.invalid/x', 'remote.origin.promisor': 'true' }
    for (const [name, value] of Object.entries(settings)) git('config', name, value)
    const before = readdirSync(join(workspace, '.git'), { recursive: true, encoding: 'utf8' }).sort()
    expect(await answered()).toMatchObject([{ at: '/home/ann/.openclaw/workspace/notes.md' }])
    expect(existsSync(marker)).toBe(false)
    expect(readdirSync(join(workspace, '.git'), { recursive: true, encoding: 'utf8' }).sort()).toEqual(before)
  })

  it('is unknown where an object is missing, and where a copy borrows from elsewhere', async () => {
    commit('a.md', 'one\n')
    writeFileSync(join(workspace, '.git/objects/info/alternates'), '/somewhere\n')
    expect(await answered()).toEqual([{ why: expect.stringContaining('borrows objects') as string }])
    rmSync(join(workspace, '.git/objects/info/alternates'))
    for (const name of readdirSync(join(workspace, '.git/objects')).filter((one) => one.length === 2).slice(0, 1)) rmSync(join(workspace, '.git/objects', name), { recursive: true })
    expect(await answered()).toEqual([{ why: expect.stringContaining('Git cannot read it') as string }])
  })
})
