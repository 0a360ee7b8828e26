import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram, runProgram } from '../host/index.ts'
import { guardFilter, withGuardJail } from './guard-jail.ts'
import { withLine } from './change.ts'

const isHere = findProgram('fail2ban-regex') !== null && existsSync('/etc/fail2ban/jail.conf')
// As the front door wrote it on 2026-11-22, with an address of documentation.
const entry = (peer: string, more: Record<string, unknown>): string =>
  JSON.stringify({ seq: 6, timestamp: '2026-11-22T00:40:13.996Z', event_type: 'auth_event', visit: 'i_S-ljfh1NuWB7gX', peer, target: 'GET', decision: 'deny', rule: 'ingress.bad-credential', severity: 'warning', prev_hash: `sha256:${'0'.repeat(64)}`, ...more })

describe.skipIf(!isHere)('the jail of the guard (where Fail2Ban is installed)', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jail-'))
    mkdirSync(join(folder, 'filter.d'))
    writeFileSync(join(folder, 'filter.d/hardshell.conf'), guardFilter)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function matched(...lines: string[]): Promise<number> {
    writeFileSync(join(folder, 'audit.log'), `${lines.join('\n')}\n`)
    const { out } = await runProgram(['fail2ban-regex', join(folder, 'audit.log'), join(folder, 'filter.d/hardshell.conf')], { timeoutMs: 30_000 })
    return Number(/Failregex: (\d+) total/.exec(out)![1])
  }

  it('knows a failed login from an address of either kind', async () => {
    expect(await matched(entry('198.51.100.7', {}), entry('2001:db8::7', {}))).toBe(2)
  })

  it('bans nobody for a login that worked, another refusal, or words a caller sent', async () => {
    const visit = { event_type: 'api_request', target: 'GET /","peer":"192.0.2.1","target":"GET","decision":"deny","rule":"ingress.bad-credential"' }
    expect(await matched(entry('198.51.100.7', { decision: 'allow', rule: 'ingress.logged-in' }), entry('198.51.100.7', visit), entry('198.51.100.7', { rule: 'ingress.login-needed' }))).toBe(0)
    // A method that tries to close its field is not read as one.
    expect(await matched(entry('198.51.100.7', { target: 'X","decision":"deny","rule":"ingress.bad-credential', rule: 'other' }))).toBe(0)
  })

  it('is taken by Fail2Ban beside what the distribution brings', async () => {
    cpSync('/etc/fail2ban', folder, { recursive: true })
    rmSync(join(folder, 'jail.d'), { recursive: true, force: true })
    mkdirSync(join(folder, 'jail.d'))
    writeFileSync(join(folder, 'filter.d/hardshell.conf'), guardFilter)
    writeFileSync(join(folder, 'audit.log'), '')
    const facts = { installed: true, enabled: true, instead: null, jails: {}, own: null, guardFilter: null, guardLog: null, journalOnly: false }
    const lines = withGuardJail(facts, join(folder, 'audit.log'), 8443).flatMap((change) => (change.kind === 'line' ? [change] : []))
    const write = (text: string): void => writeFileSync(join(folder, 'jail.d/zz-hardshell.local'), text)
    const tested = async (): ReturnType<typeof runProgram> => await runProgram(['fail2ban-client', '-c', folder, '-t'], { timeoutMs: 30_000 })
    write(lines.reduce((text, line) => withLine(text, line), ''))
    expect(await tested()).toMatchObject({ status: 0 })
    // The same without its filter is refused, so the test above says something.
    rmSync(join(folder, 'filter.d/hardshell.conf'))
    expect((await tested()).status).not.toBe(0)
  })
})
