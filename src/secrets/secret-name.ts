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

/** File names a secret goes under in a folder of secrets: as it is, in lower case, and with dashes (Kubernetes). */
export function fileNamesOf(name: string): string[] {
  const lower = name.toLowerCase()
  return [...new Set([name, lower, lower.replaceAll('_', '-')])]
}
