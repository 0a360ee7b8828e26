/** What has to notice a change, in the order of application: each is tested before and told after (harden). */
export const parts = ['files', 'secrets', 'gateway', 'sysctl', 'apt', 'logrotate', 'systemd', 'containers', 'fail2ban', 'firewall', 'ssh'] as const
export type Part = (typeof parts)[number]

/** A setting of `openclaw.json`, spliced: comments and order stay. `to: undefined` takes the key out. Arrays are replaced whole. */
export interface SettingChange {
  kind: 'setting'
  /** Keys from the root. */
  at: readonly string[]
  from: unknown
  to: unknown
}

/**
 * One `key separator value` line of a file that may belong to us alone, such as a drop-in: other lines stay. `null` is
 * no such line. Two checks can change two lines of one file.
 */
export interface LineChange {
  kind: 'line'
  path: string
  /** `[section]` of an ini file the line stands in. */
  section?: string
  key: string
  separator: ' ' | '=' | ' = '
  from: string | null
  to: string | null
  /** Mode of the file when it has to be made: 0o644 by default. */
  mode?: number
  /** A line that is new goes to the top, where the first one wins (`sshd_config`); else to the end. */
  onTop?: true
}

/** A key of a map, or the element of a list whose `name` is this one. */
export type YamlStep = string | { named: string }

/**
 * One place of a YAML file, such as a setting of the guard: comments and everything else stay (yaml-change.ts), so two
 * checks can change two places of one file. `undefined` is no such place; a file that is not there is made.
 */
export interface YamlChange {
  kind: 'yaml'
  path: string
  at: readonly YamlStep[]
  from: unknown
  to: unknown
  /** Mode of the file when it has to be made: 0o600 by default. */
  mode?: number
}

/** A whole file. `null` is no file. */
export interface FileChange {
  kind: 'file'
  path: string
  from: string | null
  to: string | null
  /** Default: the mode it has, 0o600 for a new one. */
  mode?: number
}

export interface ModeChange {
  kind: 'mode'
  path: string
  /** Permission bits. */
  from: number
  to: number
}

export interface OwnerChange {
  kind: 'owner'
  path: string
  from: { uid: number; gid: number }
  to: { uid: number; gid: number }
}

/** A program that has to be run, without a shell, and the one that takes it back (`null`: nothing does, and the plan says so). */
export interface CommandChange {
  kind: 'command'
  do: readonly string[]
  undo: readonly string[] | null
  /** What it does, for the plan. */
  means: string
}

export type Change = SettingChange | LineChange | YamlChange | FileChange | ModeChange | OwnerChange | CommandChange

/** `path` with one line set, other lines untouched. A file without the section gets it at the end. Pure. */
export function withLine(text: string | null, change: Pick<LineChange, 'section' | 'key' | 'separator' | 'to' | 'onTop'>): string {
  const lines = (text ?? '').split('\n')
  if (lines.at(-1) === '') lines.pop()
  const [start, end] = rangeOf(lines, change.section)
  const isLine = (line: string): boolean => keyOf(line, change.separator) === change.key.toLowerCase()
  const found = lines.findIndex((line, index) => index >= start && index < end && isLine(line))
  const line = change.to === null ? null : `${change.key}${change.separator}${change.to}`
  if (found !== -1) lines.splice(found, 1, ...(line === null ? [] : [line]))
  else if (line !== null) {
    if (change.section !== undefined && start === -1) lines.push(`[${change.section}]`, line)
    else lines.splice(change.section === undefined ? (change.onTop ? 0 : lines.length) : lastFilled(lines, start, end), 0, line)
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** The value of that line today, or `null`. Keys are compared without case, comments are no lines. Pure. */
export function lineIn(text: string | null, at: Pick<LineChange, 'section' | 'key' | 'separator'>): string | null {
  const lines = (text ?? '').split('\n')
  const [start, end] = rangeOf(lines, at.section)
  const found = lines.find((line, index) => index >= start && index < end && keyOf(line, at.separator) === at.key.toLowerCase())
  return found === undefined ? null : found.trim().slice(at.key.length).replace(at.separator === ' ' ? /^\s+/ : /^\s*=\s*/, '')
}

function keyOf(line: string, separator: LineChange['separator']): string | null {
  const trimmed = line.trim()
  if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('//')) return null
  const end = separator === ' ' ? trimmed.search(/\s/) : trimmed.search(/\s*=/)
  return (end === -1 ? trimmed : trimmed.slice(0, end)).toLowerCase()
}

/** First line inside and line behind the last of a section; the whole file without one; -1, -1 when it is not there. */
function rangeOf(lines: readonly string[], section: string | undefined): [number, number] {
  if (section === undefined) return [0, lines.length]
  const start = lines.findIndex((line) => line.trim() === `[${section}]`)
  if (start === -1) return [-1, -1]
  const next = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line))
  return [start + 1, next === -1 ? lines.length : next]
}

function lastFilled(lines: readonly string[], start: number, end: number): number {
  let at = end
  while (at > start && lines[at - 1]!.trim() === '') at--
  return at
}
