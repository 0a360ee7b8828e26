import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import type { Config } from '../config/index.ts'
import type { TunnelFacts } from '../host/index.ts'
import { holdVpn } from './serve-vpn.ts'
import { serveAlone } from './serve.ts'

const config = { require_vpn: { kind: 'any', max_handshake_age: 180_000, routes: [], check_every: 5 } } as unknown as Config
const up: TunnelFacts = { tunnels: [{ interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: [], handshakeAt: 1000, online: null }] }], unreadable: [] }
const down: TunnelFacts = { tunnels: [], unreadable: [] }

describe('a proxy alone, where a VPN is required', () => {
  it.each(['model', 'egress'] as const)('does not start without it (%s), and the log says why', async (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'vpn-'))
    mkdirSync(join(folder, 'config'))
    writeFileSync(join(folder, 'config', 'network.yaml'), 'require_vpn:\n  interface: hs-none0\n')
    const started = serveAlone({ what, listen: '127.0.0.1:0', upstream: 'http://127.0.0.1:9', config: join(folder, 'config'), stateRoot: folder, dangerouslyPlain: false, env: { HOME: folder }, cwd: folder })
    await expect(started).rejects.toMatchObject({ code: 'guard.vpn-down', message: expect.stringContaining('hs-none0') })
    expect(readFileSync(join(folder, 'alone', `${what}-0`, 'guard', 'audit', 'audit.log'), 'utf8')).toContain(`the ${what} proxy is not started`)
  })

  it('refuses everything while it is down, and cuts what is under way', async () => {
    let facts = up
    const log: string[] = []
    const audit = { append: async (entry: NewEntry) => (log.push(String(entry.rule)), { seq: 0, hash: '' }) }
    const vpn = await holdVpn(config, audit, 'the proxy', { clock: { now: () => 2000, monotonicMs: () => 0 }, readTunnels: async () => facts, routesOf: async () => [] })
    try {
      expect(vpn.refuses()).toBeNull()
      const cut = new Promise<string>((resolve) => vpn.watch((reason) => (resolve(reason), 1)))
      facts = down
      expect(await cut).toContain('the VPN went down')
      expect(vpn.refuses()).toMatchObject({ allow: false, rule: 'vpn.down' })
      expect(log).toEqual(['vpn.down'])
    } finally {
      vpn.stop()
    }
  })

  it('is left alone where none is required', async () => {
    const vpn = await holdVpn({} as Config, { append: async () => await Promise.reject(new Error('nothing is to be logged')) }, 'the proxy')
    expect(vpn.refuses()).toBeNull()
  })
})
