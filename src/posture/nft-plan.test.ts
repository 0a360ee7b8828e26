import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram, parseNftInbound, runProgram } from '../host/index.ts'
import type { Change } from './change.ts'
import { dropByDefault, dropPorts, portsDropped } from './nft-plan.ts'
import { rejectByDefault, withoutPorts } from './zone-plan.ts'

const conf = '#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n  chain input {\n    type filter hook input priority filter; policy accept;\n  }\n}'
const textOf = (changes: readonly Change[]): string => changes.flatMap((change) => (change.kind === 'file' ? [change.to!] : []))[0] ?? ''

describe('a table of ours', () => {
  it('leaves every line that was there, drops what nobody named, and is understood by our own reader', () => {
    const text = textOf(dropByDefault(conf, [22, 443]))
    expect(text.startsWith(conf)).toBe(true)
    expect(parseNftInbound(text)).toEqual({ policy: 'deny', open: [[68, 68], [546, 546], [22, 22], [443, 443]] })
    expect(portsDropped(textOf(dropPorts(conf, [18789, 18790])))).toEqual([18789, 18790])
    expect(portsDropped(text)).toEqual([])
  })

  it('is taken back from the kernel too, as the file that comes back may not flush it', () => {
    const commands = dropByDefault(conf, []).flatMap((change) => (change.kind === 'command' ? [change.undo] : []))
    expect(commands).toEqual([['nft', 'delete', 'table', 'inet', 'hardshell_inbound']])
  })
})

// A user namespace with a network of its own: nothing of this machine's filter is touched.
const apart = ['--user', '--map-root-user', '--net', '--']
const works = findProgram('nft') !== null && findProgram('nsenter') !== null && findProgram('unshare') !== null && (await runProgram(['unshare', ...apart, 'nft', 'list', 'ruleset'], { timeoutMs: 10_000 })).status === 0

describe.skipIf(!works)('in a kernel (where nftables and user namespaces are to be had)', () => {
  let folder: string
  let inside: ChildProcess
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nft-'))
    inside = spawn('unshare', [...apart, 'sleep', '60'])
    await expect.poll(async () => (await nft('list', 'ruleset')).status, { timeout: 10_000 }).toBe(0)
  })
  afterEach(() => {
    inside.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  async function nft(...args: string[]): ReturnType<typeof runProgram> {
    return await runProgram(['nsenter', '--target', String(inside.pid), '--user', '--net', '--preserve-credentials', 'nft', ...args], { timeoutMs: 10_000 })
  }

  it('is loaded once though the file is read twice without a flush, and taken away by its undo', async () => {
    const own = 'table inet filter\ndelete table inet filter\n'
    const changes = dropPorts(textOf(dropByDefault(conf.replace('flush ruleset\n', own), [22])), [18789])
    const file = join(folder, 'nftables.conf')
    writeFileSync(file, textOf(changes))
    for (const time of ['first', 'second']) expect({ time, ...(await nft('-f', file)) }).toMatchObject({ status: 0, err: '' })
    const { out } = await nft('list', 'ruleset')
    expect([...out.matchAll(/table inet (\w+) \{/g)].map(([, name]) => name)).toEqual(expect.arrayContaining(['filter', 'hardshell_gateway', 'hardshell_inbound']))
    expect(out.match(/table inet hardshell_/g)).toHaveLength(2)
    expect(out.match(/tcp dport 22 accept/g)).toHaveLength(1)
    expect(out).toContain('iif != "lo" tcp dport 18789 drop')
    for (const change of [...changes, ...dropByDefault(conf, [])]) if (change.kind === 'command') expect(await nft(...change.undo!.slice(1))).toMatchObject({ status: 0 })
    expect((await nft('list', 'ruleset')).out).not.toContain('hardshell')
  })
})

describe('a zone of firewalld', () => {
  const zone = (text: string, isOwn = true): { own: string; isOwn: boolean; text: string } => ({ own: '/etc/firewalld/zones/public.xml', isOwn, text })

  it('rejects by default with SSH let in by number, and becomes a file of ours where the package had it', () => {
    const [change] = rejectByDefault(zone('<?xml version="1.0"?>\n<zone target="ACCEPT">\n  <service name="https"/>\n</zone>\n', false), [22, 443])
    expect(change).toEqual({ kind: 'file', path: '/etc/firewalld/zones/public.xml', from: null, mode: 0o644, to: '<?xml version="1.0"?>\n<zone>\n  <service name="https"/>\n  <port protocol="tcp" port="22"/>\n</zone>\n' })
  })

  it.each([
    ['<port protocol="tcp" port="18789"/>', ''],
    ['<port port="18789-18790" protocol="tcp"/>', ''],
    ['<port port="18000-19000" protocol="tcp"/>', '<port port="18000-18788" protocol="tcp"/><port port="18791-19000" protocol="tcp"/>'],
    ['<port port="8443" protocol="tcp"/>', null],
  ])('is opened around ports that are closed: %s', (element, after) => {
    const changes = withoutPorts(zone(`<zone>${element}</zone>`), [18789, 18790])
    expect(changes.map((change) => 'to' in change && change.to)).toEqual(after === null ? [] : [`<zone>${after}</zone>`])
  })
})
