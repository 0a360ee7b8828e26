import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Status } from '../../src/control/index.ts'
import { repository, runToEnd, type Ended } from './command.ts'

// What is committed, in a folder with a space in its name, an empty home, and nothing in the environment but the path
// and where npm keeps this machine's registry.
const root = mkdtempSync(join(tmpdir(), 'hardshell clone '))
const clone = join(root, 'clone')
// What a machine behind a proxy needs to reach its package registry at all.
const wayToRegistry = Object.entries(process.env).filter(([name]) => /^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i.test(name))
const env: Record<string, string> & { HOME: string } = {
  ...(Object.fromEntries(wayToRegistry) as Record<string, string>),
  HOME: join(root, 'home'),
  HARDSHELL_STATE: join(root, 'state'),
  NPM_CONFIG_USERCONFIG: process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc'),
}
beforeAll(async () => {
  chmodSync(root, 0o711) // the gateway's user passes through
  mkdirSync(env.HOME)
  const cloned = await runToEnd('git', ['clone', '--quiet', repository, clone])
  if (cloned.status !== 0) throw new Error(cloned.err)
})
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))

describe('a fresh clone on a machine with git, Node and npm', () => {
  let first: Ended
  let firstMs: number
  let secondMs: number

  it('reaches the proven end of `npm start -- --once --json`, with one document on stdout', async () => {
    const started = performance.now()
    first = await runToEnd('npm', ['start', '--', '--once', '--json'], { cwd: clone, env, timeoutMs: 400_000 })
    firstMs = performance.now() - started
    expect(first.status, first.err).toBe(0)
    const status = JSON.parse(first.out) as Status
    expect(status.ok).toBe(true)
    // The sandbox is one more where the machine has bubblewrap.
    expect(status.surfaces.length).toBeGreaterThanOrEqual(9)
    expect(status.surfaces.filter(({ ok }) => !ok)).toEqual([])
    expect(first.err).toContain('installing the packages of this clone')
  }, 420_000)

  it('installs nothing the second time', async () => {
    const started = performance.now()
    const again = await runToEnd(join(clone, 'hardshell'), ['--version'], { cwd: root, env })
    secondMs = performance.now() - started
    expect(again.status, again.err).toBe(0)
    expect(again.out.trim()).toBe((JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { version: string }).version)
    expect(again.err).toBe('')
    expect(secondMs).toBeLessThan(firstMs) // not a limit: only that nothing was installed
  })

  it('leaves the home of whoever started it alone, but for npm and a compile cache', () => {
    expect(existsSync(join(env.HOME, '.openclaw'))).toBe(false)
    expect(existsSync(join(env.HOME, '.hardshell'))).toBe(false)
  })
})
