import { linuxOf, type FactReader } from '../subject.ts'

/** Who may become root without a password. Needs root to read. */
export interface SudoRulesFacts {
  rules: readonly SudoRule[]
}

export interface SudoRule {
  path: string
  line: number
  /** A user, `%group` or `ALL`. */
  who: string
  /** Commands that need no password. */
  commands: string
  /** The file as it is. */
  text: string
}

export const sudoRules: FactReader<SudoRulesFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const names = ((await host.names('/etc/sudoers.d')) ?? []).filter((name) => !name.includes('.') && !name.endsWith('~'))
    const paths = ['/etc/sudoers', ...names.map((name) => `/etc/sudoers.d/${name}`)]
    const texts = await Promise.all(paths.map(async (path) => (await host.text(path)) ?? ''))
    return { rules: paths.flatMap((path, i) => passwordless(texts[i]!, path)) }
  },
}

function passwordless(text: string, path: string): SudoRule[] {
  return text.split('\n').flatMap((line, index) => {
    const found = /^\s*([%\w.-]+)\s+[^#]*NOPASSWD:\s*([^#]*)/.exec(line)
    return found === null || found[1] === 'Defaults' ? [] : [{ path, line: index + 1, who: found[1]!, commands: found[2]!.trim(), text }]
  })
}
