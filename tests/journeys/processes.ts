import { readdirSync, readFileSync } from 'node:fs'

/** Does the process run? A zombie does not. */
export function isAlive(pid: number): boolean {
  const state = /^\d+ \(.*\) (\S)/s.exec(read(`/proc/${pid}/stat`))?.[1]
  return state !== undefined && state !== 'Z'
}

/** A process and all its descendants. */
export function processTree(rootPid: number): number[] {
  const parents = processIds().map((pid) => [pid, Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`))?.[1] ?? -1)] as const)
  const tree = [rootPid]
  for (const pid of tree) tree.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child))
  return tree
}

/** Every process that runs as this user. */
export function processesOf(uid: number): number[] {
  return processIds().filter((pid) => Number(/^Uid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? -1) === uid && isAlive(pid))
}

/** Environment and arguments, as whoever may look into `/proc` sees them. */
export function exposedText(pid: number): string {
  return `${read(`/proc/${pid}/environ`)}\0${read(`/proc/${pid}/cmdline`)}`
}

function processIds(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
