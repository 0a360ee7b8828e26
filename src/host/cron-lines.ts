/** A job of cron. */
export interface CronLine {
  path: string
  line: number
  /** Five fields or a word such as `@reboot`. */
  when: string
  /** `null` in the table of a user: it is his. */
  user: string | null
  command: string
}

/** Jobs of a table; `withUser` for /etc/crontab and cron.d, where a user stands before the command (crontab(5)). Pure. */
export function parseCrontab(text: string, path: string, withUser: boolean): readonly CronLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || /^\w+\s*=/.test(line)) return []
    const found = /^(@\w+|(?:\S+\s+){4}\S+)\s+(.*)$/.exec(line)
    if (found === null) return []
    const [, when, rest] = found as unknown as [string, string, string]
    const [user = '', ...command] = withUser ? rest.split(/\s+/) : []
    return [withUser ? { path, line: index + 1, when, user, command: command.join(' ') } : { path, line: index + 1, when, user: null, command: rest }]
  })
}
