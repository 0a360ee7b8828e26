import { HardshellError } from '../base/index.ts'

/**
 * The name, if it can be one: letters, digits and `_`, as for environment variables. Names become file names, so
 * anything else could walk out of its folder.
 * @throws HardshellError `secrets.bad-name`; what was given is not quoted, it might be the secret itself
 */
export function checkedName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) return name
  throw new HardshellError('secrets.bad-name', 'a secret is named with letters, digits and _, like ANTHROPIC_API_KEY', {
    hint: 'give the name of the secret, not its value',
  })
}

/** How a name may be written where case counts: as it is, and in upper case (the guides map `anthropic_api_key`). */
export function spellingsOf(name: string): string[] {
  return [...new Set([name, name.toUpperCase()])]
}

/** File names a secret goes under in a folder of secrets: as it is, in upper and lower case, and with dashes (Kubernetes). */
export function fileNamesOf(name: string): string[] {
  const lower = name.toLowerCase()
  return [...new Set([name, name.toUpperCase(), lower, lower.replaceAll('_', '-')])]
}

/** The entry for a secret in a map of the settings, where names are often lower case and references upper case. */
export function findByName<T>(map: Readonly<Record<string, T>>, name: string): T | null {
  if (Object.hasOwn(map, name)) return map[name]!
  const wanted = name.toUpperCase()
  const key = Object.keys(map).find((other) => other.toUpperCase() === wanted)
  return key === undefined ? null : map[key]!
}
