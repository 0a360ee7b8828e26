/** A setting of a systemd unit and where it stands. */
export interface UnitSetting {
  section: string
  key: string
  value: string
  path: string
  line: number
}

/** Settings of a unit or a drop-in in their order; continued lines are joined. Pure. */
export function parseUnitFile(text: string, path: string): readonly UnitSetting[] {
  const settings: UnitSetting[] = []
  let section = ''
  let held: { text: string; line: number } | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const whole: string = held === null ? raw : `${held.text} ${raw.trim()}`
    const line: number = held?.line ?? index + 1
    held = null
    if (/^\s*([#;]|$)/.test(whole)) continue
    if (whole.endsWith('\\')) {
      held = { text: whole.slice(0, -1).trimEnd(), line }
      continue
    }
    const header = /^\s*\[([^\]]+)\]/.exec(whole)?.[1]
    if (header !== undefined) section = header
    const [, key, value] = /^\s*([A-Za-z]\w*)\s*=\s*(.*?)\s*$/.exec(whole) ?? []
    if (key !== undefined) settings.push({ section, key, value: value!, path, line })
  }
  return settings
}

/** The value that counts: the last one, `null` where nobody says it or the last one takes it back. Pure. */
export function unitValue(settings: readonly UnitSetting[], section: string, key: string): string | null {
  const value = settings.filter((one) => one.section === section && one.key === key).at(-1)?.value
  return value === undefined || value === '' ? null : value
}
