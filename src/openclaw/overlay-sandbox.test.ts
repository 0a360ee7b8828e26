import { describe, expect, it } from 'vitest'
import { valueAt } from './json5-edit.ts'
import { sandboxOverlay, type OverlaySandbox } from './overlay-sandbox.ts'

const shim: OverlaySandbox = { backend: 'ssh', scope: 'agent', workspaceAccess: 'rw', sshCommand: '/s/run/hardshell-ssh', workspaceRoot: '/workspaces' }

function applied(config: object, sandbox: OverlaySandbox): unknown {
  const result = structuredClone(config) as Record<string, unknown>
  for (const [at, to] of sandboxOverlay(config, sandbox)) {
    let here = result
    for (const key of at.slice(0, -1)) here = (here[key] ??= {}) as Record<string, unknown>
    here[at.at(-1)!] = to
  }
  return result
}
const at = (config: unknown, path: string): unknown => valueAt(config, path.split('.'))

describe('the sandbox in the overlay', () => {
  it('holds for every session, through our shim, with exec nowhere else', () => {
    const config = applied({}, shim)
    expect(at(config, 'agents.defaults.sandbox')).toMatchObject({ mode: 'all', backend: 'ssh', scope: 'agent', ssh: { command: '/s/run/hardshell-ssh', target: 'main@hardshell-sandbox:22', workspaceRoot: '/workspaces' } })
    expect(at(config, 'tools.exec.host')).toBe('sandbox')
  })

  it.each(['default', 'Guard-Proof', 'guard-trial'])('has no place for an agent called %s, who would share a sandbox', (id) => {
    expect(() => sandboxOverlay({ agents: { entries: { main: {}, [id]: {} } } }, shim)).toThrow(`agents.entries.${id}: an agent cannot have this id`)
  })

  it('takes an agent its own exception and gives each a user of its own', () => {
    const config = applied({ agents: { entries: { main: { sandbox: { mode: 'off' } }, Work: { sandbox: { backend: 'docker', docker: { network: 'bridge' }, workspaceAccess: 'ro' } } } } }, shim)
    expect(at(config, 'agents.entries.main.sandbox')).toEqual({ mode: 'all', backend: 'ssh', scope: 'agent', ssh: { target: 'main@hardshell-sandbox:22' } })
    expect(at(config, 'agents.entries.Work.sandbox')).toEqual({ mode: 'all', backend: 'ssh', scope: 'agent', workspaceAccess: 'ro', ssh: { target: 'Work@hardshell-sandbox:22' } })
    expect(at(config, 'agents.defaults.sandbox.ssh.target')).toBe('default@hardshell-sandbox:22')
  })

  it('takes an agent its own place for commands, and a browser beside the sandbox', () => {
    const loose = { tools: { exec: { host: 'gateway', security: 'full' } }, sandbox: { browser: { enabled: true, network: 'bridge' } } }
    for (const sandbox of [shim, { backend: 'docker', scope: 'agent', workspaceAccess: 'rw', docker: {} } as const]) {
      const config = applied({ agents: { defaults: { sandbox: { browser: { enabled: true } } }, entries: { loose, plain: {} } } }, sandbox)
      expect(at(config, 'agents.entries.loose.tools.exec')).toEqual({ host: 'sandbox', security: 'full' })
      expect(at(config, 'agents.entries.plain.tools')).toBeUndefined()
      expect([at(config, 'agents.entries.loose.sandbox.browser'), at(config, 'agents.defaults.sandbox.browser')]).toEqual([undefined, undefined])
    }
  })

  it('changes nothing the second time', () => {
    const once = applied({ agents: { entries: { main: {} } } }, shim)
    expect(applied(once as object, shim)).toEqual(once)
  })

  it('leaves messages and memory to agents, keeps away what runs programs elsewhere, and the word of an operator', () => {
    expect(at(applied({}, shim), 'tools.sandbox.tools')).toMatchObject({ allow: ['*'], deny: expect.arrayContaining(['nodes', 'browser']) })
    expect(at(applied({ tools: { sandbox: { tools: { allow: ['read'] } } } }, shim), 'tools.sandbox.tools')).toEqual({ allow: ['read'] })
  })

  it('is taken back where it was ours, and only there', () => {
    const off: OverlaySandbox = { backend: 'off', sshCommand: '/s/run/hardshell-ssh' }
    const config = applied(applied({ agents: { entries: { main: {} } } }, shim) as object, off)
    expect(at(config, 'agents.defaults.sandbox')).toEqual({ mode: 'off' })
    expect(at(config, 'tools.exec.host')).toBe('auto')
    expect(sandboxOverlay({ agents: { defaults: { sandbox: { mode: 'all', backend: 'docker' } } } }, off)).toEqual([])
  })
})
