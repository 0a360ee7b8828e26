import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HardshellError, isNodeError } from '../base/index.ts'
import { refuseForeign } from './ground.ts'
import { cellFolders, changeCells, isCellName, readCells, type Cell, type CellFolders } from './registry.ts'

/** What a new cell may spend; money as the settings write it, `$20`. */
export interface CellBudget {
  perDay: string
  perMonth: string
}

export interface CellPorts {
  /** Milliseconds since 1970. */
  now(): number
  /** Is nobody listening there? */
  isFree(port: number): Promise<boolean>
  /** The user a guard with this state gives its gateway; `null`: none of its own. */
  userOf(state: string): number | null
  /** Does a guard run on this state? */
  isRunning(state: string): Promise<boolean>
  /** Ends everything that runs as this user. */
  endProcesses(uid: number): void
}

/**
 * Makes a cell: its folders, closed to everybody else, its addresses, and settings that let it reach nothing and spend
 * what was said. It starts nothing.
 * @throws HardshellError `cells.bad-name`, `cells.exists`, `cells.locked`, `cells.damaged`, `cells.foreign`
 */
export async function createCell(root: string, name: string, budget: CellBudget, ports: CellPorts): Promise<{ cell: Cell; folders: CellFolders }> {
  refuseBadName(name)
  const folders = cellFolders(root, name)
  refuseForeign(root)
  await mkdir(root, { recursive: true, mode: 0o711 })
  refuseForeign(root)
  await chmod(root, 0o711) // the gateways' users pass through and cannot list
  let made: Cell | null = null
  await changeCells(root, async (cells) => {
    if (cells.some((cell) => cell.name === name)) throw new HardshellError('cells.exists', `there is a cell ${name}`, { hint: 'hardshell cell list' })
    const uid = ports.userOf(folders.state)
    const twin = uid === null ? undefined : cells.find((cell) => cell.uid === uid)
    // Users are drawn from the path: two of the same would have no wall between them.
    if (twin) throw new HardshellError('cells.exists', `${name} would get the user of ${twin.name}`, { hint: 'choose another name' })
    made = { name, createdAt: new Date(ports.now()).toISOString(), ports: await freeBlock(cells, ports), uid }
    await lay(folders, settingsOf(made, budget))
    return [...cells, made]
  })
  return { cell: made!, folders }
}

/**
 * Takes a cell away, with everything that lies in it.
 * @throws HardshellError `cells.unknown`, `cells.running`
 */
export async function removeCell(root: string, name: string, ports: Pick<CellPorts, 'isRunning' | 'endProcesses' | 'userOf'>): Promise<CellFolders> {
  const { uid } = findCell(root, name)
  const folders = cellFolders(root, name)
  if (await ports.isRunning(folders.state)) {
    throw new HardshellError('cells.running', `the cell ${name} is running`, { hint: 'stop its guard first: Ctrl-C where it was started, or systemctl stop' })
  }
  await changeCells(root, async (cells) => {
    // What its agents left running could put a link in the way of the deletion, and would wait for the next of this name.
    // Only of the user such a cell would get today: a list that was edited ends nobody else's.
    if (uid !== null && uid === ports.userOf(folders.state)) ports.endProcesses(uid)
    await rm(folders.root, { recursive: true, force: true })
    return cells.filter((cell) => cell.name !== name)
  })
  return folders
}

/** @throws HardshellError `cells.unknown` */
export function findCell(root: string, name: string): Cell {
  const cell = readCells(root).find((one) => one.name === name)
  if (cell) return cell
  throw new HardshellError('cells.unknown', `there is no cell ${JSON.stringify(name)} in ${root}`, { hint: 'hardshell cell list' })
}

function refuseBadName(name: string): void {
  if (isCellName(name)) return
  throw new HardshellError('cells.bad-name', 'a cell is named with lower-case letters, digits and "-", 31 at most, the first a letter', { hint: 'hardshell cell create team-a' })
}

// A block of ten for each cell, away from the addresses of an installation without cells (18701 …, 18789).
const [firstPort, blockSize, blocks] = [19_000, 10, 1000]

/** Five addresses nobody listens on and no other cell was given. */
async function freeBlock(cells: readonly Cell[], ports: CellPorts): Promise<Cell['ports']> {
  const given = new Set(cells.map(({ ports: { ingress } }) => ingress))
  for (let block = 0; block < blocks; block++) {
    const first = firstPort + block * blockSize
    if (given.has(first)) continue
    const five = [0, 1, 2, 3, 4].map((offset) => first + offset)
    if (!(await Promise.all(five.map((port) => ports.isFree(port)))).every(Boolean)) continue
    return { ingress: first, model: first + 1, egress: first + 2, dns: first + 3, gateway: first + 4 }
  }
  throw new HardshellError('cells.exists', 'no ten addresses in a row are free for another cell', { hint: 'hardshell cell remove NAME, or another machine' })
}

function settingsOf({ name, ports }: Cell, { perDay, perMonth }: CellBudget): Record<string, string> {
  const at = (port: number): string => `127.0.0.1:${port}`
  return {
    'config.yaml': `# The cell ${name}. Providers, keys and agents that are named here are this cell's alone.
server:
  listen: ${at(ports.ingress)}
models:
  listen: ${at(ports.model)}
gateway:
  port: ${ports.gateway}
budgets:
  per_day: ${JSON.stringify(perDay)}
  per_month: ${JSON.stringify(perMonth)}
`,
    'network.yaml': `# Where agents of the cell ${name} may connect to: nowhere, until a host is named.
egress:
  listen: ${at(ports.egress)}
  allowed_hosts: []
  # Other cells' agents reach this address as well: who has no credential of this cell is nobody here.
  unidentified: refuse
dns:
  listen: ${at(ports.dns)}
`,
  }
}

async function lay(folders: CellFolders, files: Record<string, string>): Promise<void> {
  await mkdir(folders.root, { mode: 0o711 }).catch((error: unknown) => {
    if (!isNodeError(error, 'EEXIST')) throw error
    throw new HardshellError('cells.exists', `${folders.root} exists and is on no list`, { hint: 'a command was cut short there, or it is something else: look, and remove it' })
  })
  await chmod(folders.root, 0o711) // the umask may have taken away what its own gateway needs
  await mkdir(folders.config, { mode: 0o700 })
  await chmod(folders.config, 0o700)
  await mkdir(folders.state, { mode: 0o711 })
  await chmod(folders.state, 0o711)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folders.config, name), text, { mode: 0o600, flag: 'wx' })
}
