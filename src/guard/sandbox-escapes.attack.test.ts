import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sandboxAttempts, sandboxSurface } from '../proof/index.ts'
import { sandboxSettings, tryEscapes, verifySandbox, type EscapeTargets } from '../sandbox/index.ts'

// Root in namespaces of its own: every attempt that can succeed does, and what it changes is gone with it.
const bare = (argv: readonly string[], stdin: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/unshare', ['--mount', '--uts', '--propagation', 'private', '--', ...argv], { stdio: ['pipe', 'pipe', 'ignore'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.once('error', reject)
    child.once('close', () => resolve(text))
    child.stdin.end(stdin)
  })

// Not made outside: they would speak to somebody.
const elsewhere = ['network.metadata', 'network.public', 'network.names']
// What not even root can do on this kind of machine: it has no such kernel feature, or nothing lies there.
const impossible = ['network.alg', 'processes.first-memory', 'processes.first-root', 'processes.first-environment', 'files.sysrq', 'files.open-files', 'kernel.modules', 'kernel.kexec', 'terminal.of-the-guard', 'terminal.typed', 'network.loopback-v6', 'network.vsock', 'kernel.io-uring']

describe('the attempts to get out', () => {
  it('succeed without a sandbox, but for those that cannot on such a machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hardshell-outside-'))
    writeFileSync(join(folder, 'file'), '')
    const targets: EscapeTargets = { guardFiles: [join(folder, 'file')], gatewayFiles: [folder], otherAgent: [folder], sockets: [folder], uid: 0, limits: { processes: 20, memory: 64 * 1024 * 1024, fileSize: 1024 * 1024, openFiles: 100 }, only: null }
    const ids = (await verified).attempts.map(({ id }) => id).filter((id) => !elsewhere.includes(id))
    const attempts = await tryEscapes(bare, { ...targets, only: ids })
    rmSync(folder, { recursive: true })
    expect(attempts.length).toBeGreaterThan(60)
    expect(attempts.filter(({ id, result }) => result !== 'escaped' && !impossible.includes(id))).toEqual([])
  }, 60_000)

  it('are all held by the sandbox of this machine', async () => {
    const { attempts } = await verified
    expect(attempts.length).toBeGreaterThan(70)
    expect(attempts.filter(({ result }) => result !== 'held')).toEqual([])
  }, 60_000)

  it('turn the surface red when the shim only runs what it is told, and name what was reached', async () => {
    const surface = sandboxSurface({
      misconfigured: () => null,
      tryEscapes: async (only, word) => await tryEscapes(bare, { guardFiles: ['/etc/shadow'], gatewayFiles: ['/etc/shadow'], otherAgent: ['/etc/shadow'], sockets: [], uid: 0, limits: { processes: 0, memory: 0, fileSize: 0, openFiles: 0 }, only, word }),
    })
    const proof = await surface.prove('word-of-the-proof', new AbortController().signal)
    expect(proof.ok).toBe(false)
    expect(proof.detail).toContain('network.loopback escaped: reached what listens outside')
    expect(proof.detail).toContain('kernel.unfiltered escaped')
  }, 60_000)
})

describe('the surface of the sandbox', () => {
  const all = sandboxAttempts.map((id) => ({ id, result: 'held' as const, detail: 'EPERM' }))
  const prove = async (attempts: typeof all, misconfigured: string | null = null): Promise<{ ok: boolean; detail: string }> =>
    await sandboxSurface({ misconfigured: () => misconfigured, tryEscapes: () => Promise.resolve(attempts) }).prove('n', new AbortController().signal)

  it('is green when every attempt was made and held', async () => {
    expect(await prove(all)).toEqual({ ok: true, detail: `${all.length} attempts to get out were refused` })
  })

  it('is red when an attempt was not made, or OpenClaw may run tools elsewhere', async () => {
    expect(await prove(all.slice(1))).toMatchObject({ ok: false, detail: `not everything could be tried: ${all[0]!.id}` })
    expect(await prove(all, 'agents.entries.main.sandbox')).toMatchObject({ ok: false, detail: 'OpenClaw may run tools outside: agents.entries.main.sandbox' })
  })
})

const verified = verifySandbox(sandboxSettings.parse({}), { guardFiles: ['/var/lib/hardshell/guard'], gatewayFiles: ['/var/lib/hardshell/openclaw'], sockets: [] })
