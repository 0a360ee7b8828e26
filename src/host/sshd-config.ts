import { posix } from 'node:path'
import { readIncluded } from './included-files.ts'
import type { Machine } from './machine.ts'
import { matchesName } from './name-glob.ts'
import { sshdDefaults, sshdLastWins, sshdLists } from './sshd-defaults.ts'

/** One effective line of an sshd configuration, in the order sshd reads them. */
export interface SshdLine {
  /** Lower case, under the name of today. */
  keyword: string
  args: readonly string[]
  path: string
  /** Counted from one. */
  line: number
  /** The criteria of the `Match` block it stands in; `null` where it holds for everybody. */
  match: string | null
}

/** Texts by absolute path: `sshd_config` and whatever it includes. */
export type SshdFiles = Readonly<Record<string, string>>

/** What counts for everybody, as `sshd -T` prints it, and where it comes from. */
export interface SshdValue {
  value: string
  /** `null` where nobody says so and the default holds. */
  at: Pick<SshdLine, 'path' | 'line'> | null
}

export const sshdConfigPath = '/etc/ssh/sshd_config'
// servconf.c: deeper includes are refused.
const maxDepth = 16

const aliases: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
  hostbasedacceptedkeytypes: 'hostbasedacceptedalgorithms',
  dsaauthentication: 'pubkeyauthentication',
}

/** `sshd_config` and everything it includes; `null` when there is none. @throws HardshellError what the machine throws */
export async function readSshdFiles(from: Pick<Machine, 'text' | 'names'>): Promise<SshdFiles | null> {
  return await readIncluded(sshdConfigPath, from, includesOf)
}

/** Every line in the order of sshd: an include counts where it stands, its files sorted. Pure. */
export function sshdLines(files: SshdFiles, path = sshdConfigPath, match: string | null = null, depth = 0): readonly SshdLine[] {
  const lines: SshdLine[] = []
  let inside = match
  for (const [index, raw] of (files[path] ?? '').split('\n').entries()) {
    const [word, ...args] = wordsOf(raw)
    if (word === undefined) continue
    const keyword = aliases[word.toLowerCase()] ?? word.toLowerCase()
    if (keyword === 'match') inside = args.length === 1 && args[0]!.toLowerCase() === 'all' ? null : args.join(' ')
    else if (keyword === 'include' && depth < maxDepth) lines.push(...args.flatMap((arg) => included(files, arg)).flatMap((file) => sshdLines(files, file, inside, depth + 1)))
    else lines.push({ keyword, args, path, line: index + 1, match: inside })
  }
  return lines
}

/**
 * What holds for everybody: the first line that says it, or all of them where sshd collects (`AllowUsers`, `Port`), or
 * the default of OpenSSH 9.2 and 10.0 (Debian 12 and 13). `null` for a keyword without a default. Pure.
 */
export function sshdValue(lines: readonly SshdLine[], keyword: string): SshdValue | null {
  const name = aliases[keyword.toLowerCase()] ?? keyword.toLowerCase()
  const said = lines.filter((line) => line.keyword === name && line.match === null && line.args.length > 0)
  const [first] = said
  if (first === undefined) return name in sshdDefaults ? { value: sshdDefaults[name]!, at: null } : null
  const wins = sshdLastWins.has(name) ? said.at(-1)! : first
  const value = sshdLists.has(name) ? said.flatMap((line) => line.args).join(' ') : wins.args.join(' ')
  return { value: spelled(name, value), at: { path: wins.path, line: wins.line } }
}

/** Keyword and arguments of a line; none for a comment. A quoted argument may hold spaces, `=` may follow the keyword. */
function wordsOf(line: string): string[] {
  const found = /^\s*([^\s=#"]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line.trimEnd())
  if (found === null) return []
  const args: string[] = []
  for (const [, quoted, bare] of found[2]!.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    if (bare?.startsWith('#')) break
    args.push(quoted ?? bare!)
  }
  return [found[1]!, ...args]
}

function includesOf(text: string): string[] {
  return text.split('\n').map(wordsOf).flatMap(([keyword, ...args]) => (keyword?.toLowerCase() === 'include' ? args.map(absolute) : []))
}

function included(files: SshdFiles, arg: string): string[] {
  const pattern = absolute(arg)
  return Object.keys(files).filter((path) => posix.dirname(path) === posix.dirname(pattern) && matchesName(posix.basename(pattern), posix.basename(path))).sort()
}

// sshd_config(5): a path that is not absolute lies in /etc/ssh.
function absolute(path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join('/etc/ssh', path)
}

function spelled(name: string, value: string): string {
  const lower = value.toLowerCase()
  if (name === 'loglevel' && lower === 'quiet') return 'SILENT'
  if (name === 'loglevel' || name === 'syslogfacility') return value.toUpperCase()
  if (name === 'permitrootlogin') return lower === 'prohibit-password' ? 'without-password' : lower
  if (['clientaliveinterval', 'logingracetime', 'rekeylimit'].includes(name)) return String(secondsOf(lower) ?? value)
  if (/^(yes|no|true|false|none|any|local|remote|all|delayed|clientspecified|sandbox)$/.test(lower)) return lower === 'true' ? 'yes' : lower === 'false' ? 'no' : lower
  return value
}

const unitSeconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `2m`, `1h30m`, `90`: seconds; `null` where it is no time of sshd. */
export function secondsOf(text: string): number | null {
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.toLowerCase()) return null
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!, 0)
}
