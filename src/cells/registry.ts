import { lstatSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { HardshellError, takeFileLock, writeFileAtomic } from '../base/index.ts'
import { refuseForeign, refuseForeignFile } from './ground.ts'

const port = z.int().min(1).max(65_535)

/** Lower-case letters, digits and "-": a name is a folder, and nothing that leads out of one. */
export function isCellName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,30}$/.test(name)
}

const cell = z.strictObject({
  name: z.string().refine(isCellName),
  /** UTC, ISO 8601. */
  createdAt: z.string(),
  ports: z.strictObject({ ingress: port, model: port, egress: port, dns: port, gateway: port }),
  /** The user its gateway and its agents run as; `null`: they share the guard's, and no wall stands between cells. */
  uid: z.int().nullable(),
})

/** One tenant: a guard and an OpenClaw of its own, with folders, user, keys, doors and budget that nobody else has. */
export type Cell = z.output<typeof cell>

const registry = z.strictObject({ version: z.literal(1), cells: z.array(cell).refine((cells) => new Set(cells.map(({ name }) => name)).size === cells.length) })

/** Where everything of one cell lies. */
export interface CellFolders {
  root: string
  /** `--config` of its guard. */
  config: string
  /** `--state` of its guard. */
  state: string
}

/** Every cell lies below one root, beside the list of all of them. */
export function cellFolders(root: string, name: string): CellFolders {
  const own = join(root, name)
  return { root: own, config: join(own, 'config'), state: join(own, 'state') }
}

/** The cells below this root, sorted by name. @throws HardshellError `cells.damaged`, `cells.foreign` */
export function readCells(root: string): Cell[] {
  const file = listOf(root)
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return []
  refuseForeign(root)
  refuseForeignFile(file)
  try {
    return registry.parse(JSON.parse(readFileSync(file, 'utf8'))).cells.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw new HardshellError('cells.damaged', `${file} is not the list of cells it was`, { hint: `put it back from a backup; the cells themselves lie in ${root}`, cause })
  }
}

/** Changes the list, one command at a time. @throws HardshellError `cells.locked`, `cells.damaged`, `cells.foreign` */
export async function changeCells(root: string, change: (cells: readonly Cell[]) => Promise<readonly Cell[]>): Promise<void> {
  refuseForeign(root)
  const lockPath = `${listOf(root)}.lock`
  const taken = await takeFileLock(lockPath, 0o600)
  if ('holder' in taken) {
    throw new HardshellError('cells.locked', `another command changes the list of cells (process ${taken.holder.pid})`, { hint: `try again; if nothing runs, remove ${taken.holder.file}` })
  }
  try {
    const cells = await change(readCells(root))
    await writeFileAtomic(listOf(root), `${JSON.stringify({ version: 1, cells }, null, 2)}\n`)
  } finally {
    await taken.lock.release()
  }
}

/** The cell whose state this is, and the others below the same root; `null`: it is no cell. */
export function neighborsOf(state: string): { own: Cell; others: Cell[]; root: string } | null {
  const own = dirname(resolve(state))
  const root = dirname(own)
  const cells = readCells(root)
  const mine = cells.find(({ name }) => resolve(cellFolders(root, name).state) === resolve(state))
  return mine ? { own: mine, others: cells.filter((other) => other !== mine), root } : null
}

function listOf(root: string): string {
  return join(root, 'cells.json')
}
