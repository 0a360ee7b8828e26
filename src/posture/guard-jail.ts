import { lineIn, type Change } from './change.ts'
import { jailValue, ownJails, type Fail2banFacts } from './facts/fail2ban.ts'

/** The jail that reads the guard's log, and the name of its filter. */
export const guardJail = 'hardshell'
export const guardFilterPath = '/etc/fail2ban/filter.d/hardshell.conf'

/**
 * A failed login at the front door, as the guard's log has it. The line is matched from its first character, field by
 * field in the order they are written: nothing a caller sends can stand in for the address, which is the kernel's word.
 */
export const guardFilter = `# A failed login at Hardshell's front door, from its audit log. Written by \`hardshell harden\`.
[Definition]
datepattern = ^\\{"seq":\\d+,"timestamp":"%%Y-%%m-%%dT%%H:%%M:%%S\\.\\d+%%Exz"
failregex = ^,"event_type":"auth_event","visit":"[\\w-]+","peer":"<ADDR>","target":"[^"\\\\]*","decision":"deny","rule":"ingress\\.bad-credential"
ignoreregex =
`

/** What the jail has to say. Five wrong tokens in ten minutes are nobody's typing; the guard's own proofs come from loopback. */
function settingsFor(log: string, port: number): readonly (readonly [key: string, value: string])[] {
  return [
    ['enabled', 'true'],
    ['filter', guardJail],
    ['backend', 'auto'],
    ['logpath', log],
    ['port', String(port)],
    ['ignoreip', '127.0.0.1/8 ::1'],
    ['maxretry', '5'],
    ['findtime', '10m'],
    ['bantime', '1h'],
  ]
}

/** Why nobody is banned who guesses at the guard's front door; empty when somebody is. */
export function jailFlaws(facts: Fail2banFacts, log: string): { at: string; saw: string; want: string }[] {
  const at = `/etc/fail2ban: [${guardJail}]`
  if (!/^(true|yes|1)$/i.test(jailValue(facts, guardJail, 'enabled') ?? '')) return [{ at, saw: 'not enabled', want: 'enabled = true' }]
  if (jailValue(facts, guardJail, 'logpath') !== log) return [{ at, saw: 'reads another file', want: `logpath = ${log}` }]
  return facts.guardFilter === null ? [{ at: guardFilterPath, saw: 'not there', want: 'a filter that knows a failed login' }] : []
}

/** The filter and the jail, in files of our own. */
export function withGuardJail(facts: Fail2banFacts, log: string, port: number): readonly Change[] {
  const lines = settingsFor(log, port).map(([key, to]): Change => {
    const line = { section: guardJail, key, separator: ' = ' } as const
    return { kind: 'line', path: ownJails, ...line, from: lineIn(facts.own, line), to }
  })
  return [
    ...(facts.guardFilter === null ? [{ kind: 'file' as const, path: guardFilterPath, from: null, to: guardFilter, mode: 0o644 }] : []),
    ...lines.filter((change) => change.kind !== 'line' || change.from !== change.to),
  ]
}
