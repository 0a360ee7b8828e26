/** A rule of sudoers that lets somebody run commands without a password. */
export interface FreeSudoRule {
  /** Line on which the rule begins, from 1, and on which it ends: a backslash joins lines. */
  line: number
  lastLine: number
  /** A user, `#uid`, `%group` or `ALL`; aliases are resolved, so one line may give several. */
  who: string
  /** Commands that need no password. */
  commands: string
}

/**
 * Rules without a password in the order of the files, aliases and `Defaults !authenticate` of all files applied, as sudo
 * does it (sudoers(5)). Tolerant: a line that cannot be understood gives no rule.
 */
export function freeSudoRules(texts: readonly string[]): readonly (readonly FreeSudoRule[])[] {
  const files = texts.map(joinedLines)
  const aliases = aliasesOf(files.flat())
  const unasked = unaskedUsers(files.flat(), aliases)
  return files.map((lines) => lines.flatMap((line) => rulesOf(line, aliases, unasked)))
}

interface Joined {
  line: number
  lastLine: number
  text: string
}

/** Lines with their continuations, comments taken out; `#1000` at the start of a word is a user id. */
function joinedLines(text: string): Joined[] {
  const joined: Joined[] = []
  let open: Joined | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|[^\\])#(?!-?\d).*$/, '$1')
    const goesOn = /\\\s*$/.test(line)
    const part = line.replace(/\\\s*$/, ' ')
    const whole: Joined = { line: open?.line ?? index + 1, lastLine: index + 1, text: `${open?.text ?? ''}${part}` }
    open = goesOn ? whole : null
    if (!goesOn) joined.push(whole)
  }
  return open === null ? joined : [...joined, open]
}

function aliasesOf(lines: readonly Joined[]): ReadonlyMap<string, readonly string[]> {
  const found = lines.flatMap(({ text }) => {
    const all = /^\s*User_Alias\s+(.*)$/.exec(text)?.[1] ?? ''
    return all.split(':').flatMap((one) => {
      const [, name, members] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(one) ?? []
      return name === undefined ? [] : [[name, listed(members!)] as const]
    })
  })
  return new Map(found)
}

/** Whom `Defaults` does not ask: `ALL` for everybody. */
function unaskedUsers(lines: readonly Joined[], aliases: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  return new Set(lines.flatMap(({ text }) => {
    const [, users] = /^\s*Defaults(?::(\S+))?\s+(?:.*,\s*)?!\s*authenticate\b/.exec(text) ?? [null]
    return users === null ? [] : users === undefined ? ['ALL'] : resolved(listed(users), aliases)
  }))
}

function rulesOf({ line, lastLine, text }: Joined, aliases: ReadonlyMap<string, readonly string[]>, unasked: ReadonlySet<string>): FreeSudoRule[] {
  // One rule is `who hosts = (as) TAG: commands`; quoted names and escaped blanks do not occur with service accounts.
  const [, users, rest] = /^\s*(?!Defaults|\w+_Alias\b|@|#include)([^\s=,]+(?:\s*,\s*[^\s=,]+)*)\s[^=]+=(.*)$/.exec(text) ?? []
  if (users === undefined) return []
  const free = /\bNOPASSWD\s*:\s*(.*)$/.exec(rest!)?.[1]
  return resolved(listed(users), aliases).flatMap((who) => {
    const isUnasked = (unasked.has('ALL') || unasked.has(who)) && !/\bPASSWD\s*:/.test(rest!.replaceAll('NOPASSWD', ''))
    const commands = free ?? (isUnasked ? rest!.replace(/^\s*\([^)]*\)/, '') : null)
    return commands === null ? [] : [{ line, lastLine, who, commands: commands.replaceAll(/\b[A-Z_]+\s*:(?!\w)/g, '').replace(/\s+/g, ' ').trim() }]
  })
}

function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim()).filter((name) => name !== '')
}

/** Aliases may name aliases, in a circle too, and so often that each is opened once only. */
function resolved(names: readonly string[], aliases: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set(names)
  for (const name of seen) for (const member of aliases.get(name) ?? []) seen.add(member)
  return [...seen].filter((name) => !aliases.has(name))
}
