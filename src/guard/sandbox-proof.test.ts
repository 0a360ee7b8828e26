import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyChanges, readJson5, sandboxOverlay, valueAt, type OverlaySandbox } from '../openclaw/index.ts'
import { misconfigured } from './sandbox-proof.ts'

const folder = mkdtempSync(join(tmpdir(), 'hardshell-misconfigured-'))
afterAll(() => rmSync(folder, { recursive: true }))
const shim: OverlaySandbox = { backend: 'ssh', scope: 'agent', workspaceAccess: 'rw', sshCommand: '/s/run/hardshell-ssh', workspaceRoot: '/workspaces' }

function ours(text: string): string {
  const config = readJson5(text)
  return applyChanges(text, sandboxOverlay(config, shim).map(([at, to]) => ({ at, to, from: valueAt(config, at) })))
}

function judged(text: string): string | null {
  const file = join(folder, 'openclaw.json')
  writeFileSync(file, text)
  return misconfigured(file, shim)
}

describe('what of OpenClaw lets tools run elsewhere', () => {
  it('is nothing after the overlay, nor with an agent that came later and says nothing of its own', () => {
    expect(judged(ours('{}'))).toBeNull()
    expect(judged(ours('{ agents: { entries: { main: {} } } }').replace('main:', 'late: {}, main:'))).toBeNull()
    expect(judged(ours('{}').replace('agents: {', 'agents: { entries: { late: {} },'))).toBeNull()
  })

  it.each([
    ['the mode', 'mode: "all"', 'mode: "off"', 'agents.defaults.sandbox'],
    ['the program', '/s/run/hardshell-ssh', '/usr/bin/ssh', 'agents.defaults.sandbox'],
    ['the backend', 'backend: "ssh"', 'backend: "docker"', 'agents.defaults.sandbox'],
    ['the place of exec', 'host: "sandbox"', 'host: "gateway"', 'tools.exec.host'],
  ])('is named when it is %s', (_what, from, to, setting) => {
    const text = ours('{}')
    expect(text).toContain(from)
    expect(judged(text.replace(from, to))).toBe(setting)
  })

  it('is named when one agent has an exception', () => {
    expect(judged(ours('{}').replace('agents: {', 'agents: { entries: { late: { sandbox: { mode: "off" } } },'))).toBe('agents.entries.late.sandbox')
  })

  it('is named when one agent has a place of its own for commands', () => {
    expect(judged(ours('{}').replace('agents: {', 'agents: { entries: { late: { tools: { exec: { host: "gateway" } } } },'))).not.toBeNull()
    expect(judged(ours('{ agents: { entries: { late: {} } } }').replace('late: {', 'late: { tools: { exec: { host: "node" } },'))).toBe('agents.entries.late.tools.exec.host')
  })

  it('is what stands in another file, where we do not see it', () => {
    expect(judged(ours('{}').replace('agents: {', 'agents: { $include: "./agents.json5",'))).toBe('agents.$include')
    expect(judged(ours('{}').replace('agents: {', 'agents: { list: [{ id: "late", sandbox: { mode: "off" } }],'))).toBe('agents.list')
  })

  it('is also a file that cannot be read', () => {
    expect(judged('{ agents')).toMatch(/JSON5|invalid|end/i)
    expect(misconfigured(join(folder, 'nowhere'), shim)).toContain('ENOENT')
  })
})
