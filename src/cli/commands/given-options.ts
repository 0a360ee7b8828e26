import { plain } from '../../posture/index.ts'

/** What was given to a command, as options to repeat with a space in front: the command to copy is about the same. */
export function givenOptions(options: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names.flatMap((name) => [options[name] ?? []].flat().map((value) => (value === true ? ` --${dashed(name)}` : ` --${dashed(name)} ${quoted(String(value))}`))).join('')
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** As one word of a POSIX shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./~-]+$/.test(path) ? path : `'${plain(path).replaceAll("'", String.raw`'\''`)}'`
}
