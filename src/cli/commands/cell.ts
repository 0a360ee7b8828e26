import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isBeingWritten } from '../../auditlog/index.ts'
import { HardshellError } from '../../base/index.ts'
import { cellFolders, createCell, findCell, readCells, removeCell, type CellPorts } from '../../cells/index.ts'
import { askGuard } from '../../control/index.ts'
import { gatewayUser } from '../../guard/gateway-user.ts'
import { endLeftovers } from '../../guard/leftovers.ts'
import { statePaths } from '../../guard/paths.ts'
import { freeAddress } from '../../guard/ports.ts'
import type { Terminal } from '../terminal.ts'
import { start } from './start.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell cell create NAME`. */
export async function createTheCell(name: string, options: Options, terminal: Terminal): Promise<number> {
  const root = rootOf(options, terminal)
  const { cell, folders } = await createCell(root, name, { perDay: moneyOf(options['daily'], 'daily'), perMonth: moneyOf(options['monthly'], 'monthly') }, ports)
  if (options['json'] === true) terminal.out(JSON.stringify({ ...cell, folders }))
  else {
    terminal.out(`cell ${name} is made, in ${folders.root}`)
    terminal.out(`  settings    ${folders.config} (providers, keys and hosts that are named there are this cell's alone)`)
    terminal.out(`  front door  http://127.0.0.1:${cell.ports.ingress}`)
    terminal.out(cell.uid === null ? '  ! without root every cell runs as your user, and nothing stands between them: the pulse says so' : `  user        ${cell.uid}, of no other cell`)
    terminal.out(`  next        hardshell cell start ${name}${rootFlag(options)}`)
  }
  return 0
}

/** `hardshell cell list`. */
export async function listCells(options: Options, terminal: Terminal): Promise<number> {
  const root = rootOf(options, terminal)
  const rows = await Promise.all(readCells(root).map(async (cell) => ({ ...cell, state: await stateOf(root, cell.name) })))
  if (options['json'] === true) terminal.out(JSON.stringify({ root, cells: rows }))
  else if (rows.length === 0) terminal.out(`no cells in ${root}; make one: hardshell cell create NAME`)
  for (const { name, state, ports: at, uid } of options['json'] === true ? [] : rows) {
    terminal.out(`${name.padEnd(20)} ${state.padEnd(10)} front door 127.0.0.1:${at.ingress}  user ${uid ?? 'shared'}`)
  }
  return 0
}

/** `hardshell cell start NAME`: `hardshell start` with the settings and the state of the cell. */
export async function startCell(name: string, options: Options, terminal: Terminal): Promise<number> {
  const root = rootOf(options, terminal)
  const { config, state } = cellFolders(root, findCell(root, name).name)
  return await start({ ...options, config, state }, terminal)
}

/** `hardshell cell remove NAME --yes`: with all of its data, its log included. */
export async function removeTheCell(name: string, options: Options, terminal: Terminal): Promise<number> {
  const root = rootOf(options, terminal)
  findCell(root, name)
  if (options['yes'] !== true) {
    throw new HardshellError('cli.usage', `everything of the cell ${name} would be deleted, its audit log and its agents' data too`, { hint: `hardshell cell remove ${name} --yes` })
  }
  const folders = await removeCell(root, name, ports)
  terminal.out(options['json'] === true ? JSON.stringify({ removed: name }) : `cell ${name} is gone, with everything in ${folders.root}`)
  return 0
}

const ports: CellPorts = {
  now: () => Date.now(),
  isFree: async (port) => (await freeAddress({ host: '127.0.0.1', port }, false)).port === port,
  userOf: (state) => gatewayUser(state)?.uid ?? null,
  // A guard that is starting, or hangs, answers nobody and writes its log all the same.
  isRunning: async (state) => (await isBeingWritten(statePaths(state).auditLog)) || (await answerOf(state)) !== null,
  endProcesses: (uid) => void endLeftovers({ uid, gid: uid }),
}

async function stateOf(root: string, name: string): Promise<string> {
  const status = await answerOf(cellFolders(root, name).state)
  if (status === null) return 'stopped'
  return status.ok ? 'proven' : 'not proven'
}

async function answerOf(state: string): Promise<{ ok: boolean } | null> {
  try {
    return (await askGuard(statePaths(state).control, 'status', {}, 3000)) as { ok: boolean }
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'control.unreachable') return null
    throw error
  }
}

function rootOf(options: Options, { env, cwd }: Terminal): string {
  const given = options['root'] ?? env['HARDSHELL_CELLS']
  if (typeof given === 'string' && given !== '') return resolve(cwd, given)
  return process.getuid?.() === 0 ? '/var/lib/hardshell-cells' : join(env['HOME'] ?? homedir(), '.hardshell-cells')
}

function rootFlag({ root }: Options): string {
  return typeof root === 'string' ? ` --root ${root}` : ''
}

function moneyOf(text: string | boolean | undefined, option: string): string {
  if (typeof text === 'string' && /^\$?\d{1,9}(\.\d{1,6})?$/.test(text)) return text.startsWith('$') ? text : `$${text}`
  throw new HardshellError('cli.usage', `--${option} is not an amount of money`, { hint: `--${option} 20` })
}
