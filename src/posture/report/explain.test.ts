import { describe, expect, it } from 'vitest'
import { checks } from '../registry.ts'
import { changeLines } from './change-lines.ts'
import { explain } from './explain.ts'

describe('explaining', () => {
  it.each(checks.map((check) => [check.id, check] as const))('%s shows what fails and what mends it', async (_, check) => {
    const { why, example, fix } = await explain(check)
    expect(why).toBe(check.why)
    expect(example.findings.length).toBeGreaterThan(0)
    expect(example.given.join('\n')).not.toMatch(/[^\P{Cc}\n]/u)
    if ('manual' in fix) expect(fix.manual.length).toBeGreaterThan(10)
    else expect(example.diff.length).toBeGreaterThan(1)
  })
})

describe('a change as a diff', () => {
  it('names the place and then what goes and what comes', () => {
    expect(changeLines({ kind: 'setting', at: ['gateway', 'bind'], from: 'lan', to: 'loopback' })).toEqual(['openclaw.json gateway.bind', '- "lan"', '+ "loopback"'])
    expect(changeLines({ kind: 'setting', at: ['hooks'], from: undefined, to: { enabled: false } })).toEqual(['openclaw.json hooks', '+ {"enabled":false}'])
    expect(changeLines({ kind: 'line', path: '/etc/x.conf', section: 'sshd', key: 'enabled', separator: ' = ', from: null, to: 'true' })).toEqual(['/etc/x.conf [sshd]', '+ enabled = true'])
    expect(changeLines({ kind: 'yaml', path: '/etc/openclaw/config.yaml', at: ['alerts', { named: 'a' }, 'on'], from: false, to: true })).toEqual(['/etc/openclaw/config.yaml alerts.a.on', '- false', '+ true'])
    expect(changeLines({ kind: 'mode', path: '/x', from: 0o644, to: 0o600 })).toEqual(['/x', '- mode 0644', '+ mode 0600'])
    expect(changeLines({ kind: 'owner', path: '/x', from: { uid: 1, gid: 1 }, to: { uid: 0, gid: 0 } })).toEqual(['/x', '- owner 1:1', '+ owner 0:0'])
    expect(changeLines({ kind: 'command', do: ['systemctl', 'enable', 'x'], undo: null, means: 'starts x' })).toEqual(['starts x', '$ systemctl enable x'])
  })

  it('shows of a file what differs, and of a long one the beginning', () => {
    expect(changeLines({ kind: 'file', path: '/x', from: 'a\nb\n', to: 'a\nc\n' })).toEqual(['/x', '- b', '+ c'])
    const long = changeLines({ kind: 'file', path: '/x', from: null, to: Array.from({ length: 40 }, (_, line) => `${line}`).join('\n') })
    expect(long.at(-1)).toBe('… and 28 lines more')
  })
})
