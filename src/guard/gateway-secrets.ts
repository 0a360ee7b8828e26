import { readdirSync, readFileSync } from 'node:fs'
import type { Secret } from '../base/index.ts'

/**
 * Which provider keys stand in the environment or the arguments of the gateway's processes.
 *
 * @param rootPid the gateway; `null`: it does not run
 * @param known the real keys by name
 * @returns names, never values; `null` where processes cannot be looked into (not Linux)
 */
export function secretsInProcesses(rootPid: number | null, known: ReadonlyMap<string, Secret>): string[] | null {
  if (rootPid === null) throw new Error('the gateway does not run, so its processes cannot be looked into')
  if (process.platform !== 'linux') return null
  const found = new Set<string>()
  for (const pid of processTree(rootPid)) {
    const text = read(`/proc/${pid}/environ`) + read(`/proc/${pid}/cmdline`)
    for (const [name, secret] of known) if (text.includes(secret.reveal())) found.add(name)
    for (const [, name] of text.matchAll(/(?:^|\0)([A-Z0-9_]*_API_KEY(?:_FILE)?)=[^\0]/g)) found.add(name!)
  }
  return [...found]
}

/** A process and everything it started that is still its descendant. */
export function processTree(rootPid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(/^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '')?.[1] ?? -1)
    if (parent >= 0) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const tree = [rootPid]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}
