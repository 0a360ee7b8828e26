import { posix } from 'node:path'
import type { Machine } from './machine.ts'
import { matchesName } from './name-glob.ts'

// A server with more has other problems; a folder that includes itself by many names ends here.
const maxFiles = 256

/**
 * A configuration file and everything it includes, texts by absolute path; the first only where there is no other.
 *
 * @param includesOf absolute paths a text includes, with wildcards in the last part
 * @returns `null` where there is no such file. @throws HardshellError what the machine throws
 */
export async function readIncluded(main: string, from: Pick<Machine, 'text' | 'names'>, includesOf: (text: string) => readonly string[]): Promise<Record<string, string> | null> {
  const files: Record<string, string> = {}
  const left = [main]
  while (left.length > 0 && Object.keys(files).length < maxFiles) {
    const path = left.shift()!
    if (path in files) continue
    const text = await from.text(path)
    if (text === null) continue
    files[path] = text
    for (const pattern of includesOf(text)) left.push(...(await named(pattern, from)))
  }
  return main in files ? files : null
}

async function named(pattern: string, from: Pick<Machine, 'names'>): Promise<readonly string[]> {
  const [folder, last] = [posix.dirname(pattern), posix.basename(pattern)]
  if (!/[*?[]/.test(last)) return [pattern]
  return ((await from.names(folder)) ?? []).filter((name) => matchesName(last, name)).map((name) => posix.join(folder, name))
}
