import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { machineBelow, type Machine } from '../../host/index.ts'
import type { Example, ExampleFile } from '../example.ts'
import { TemporaryMachine } from './harden.test.kit.ts'
import { handsBelow } from './hands.ts'
import type { Site } from './site.ts'

const home = '/home/claw'
const stateDir = `${home}/.openclaw`
const configPath = `${stateDir}/openclaw.json`
const guard = { configDir: '/etc/openclaw', stateDir: '/var/lib/hardshell' }
const now = Date.UTC(2026, 10, 21, 12)

/** An example of a check as real files below a folder; programs answer what the example says and are never run. */
export function machineOf(example: Example): { machine: TemporaryMachine; site: Site } {
  const machine = new TemporaryMachine(null)
  mkdirSync(machine.root, { recursive: true })
  const put = (path: string, file: ExampleFile): void => putFile(machine, path, file)
  const text = example.configText ?? (example.config === undefined ? undefined : JSON.stringify(example.config, null, 2))
  if (text !== undefined) put(configPath, { text })
  for (const [name, file] of Object.entries(example.files ?? {})) put(name.replace(/^~(?=\/|$)/, home).replace(/^\$STATE/, stateDir).replace(/^\$GUARD_STATE/, guard.stateDir).replace(/^\$GUARD/, guard.configDir), typeof file === 'string' ? { text: file } : file)
  const below: Machine = { ...machineBelow(machine.root, { platform: example.platform ?? 'linux', home }), uid: example.uid ?? 1000, env: { HOME: home, ...example.env }, live: true, run: async (command) => await Promise.resolve(answer(example, command)) }
  const hands = handsBelow(machine.root, false)
  const has = (path: string): boolean => lstatSync(machine.at(path), { throwIfNoEntry: false }) !== undefined
  const site: Site = {
    subject: { host: below, files: below, config: has(configPath) ? configPath : null, stateDir: has(stateDir) ? stateDir : null, guard: Object.keys(example.files ?? {}).some((name) => name.startsWith('$GUARD')) ? guard : null, now },
    roots: { host: machine.root, files: machine.root },
    hands: { host: hands, files: hands },
    session: { user: null, connection: null },
  }
  return { machine, site }
}

function answer({ runs = {} }: Example, command: readonly string[]): { status: number; out: string; err: string } | null {
  const ran = runs[command.join(' ')]
  if (ran !== undefined) return typeof ran === 'string' ? { status: 0, out: ran, err: '' } : { err: '', ...ran }
  return Object.keys(runs).some((known) => known.split(' ')[0] === command[0]) ? { status: 1, out: '', err: 'not in the example' } : null
}

function putFile(machine: TemporaryMachine, path: string, file: ExampleFile): void {
  const folders = [posix.dirname(path)]
  while (!machine.has(folders[0]!)) folders.unshift(posix.dirname(folders[0]!))
  const owner = (name: string): number => (name.startsWith(home) ? 1000 : 0)
  for (const folder of folders.slice(1)) {
    mkdirSync(machine.at(folder))
    give(machine.at(folder), { mode: folder.startsWith(stateDir) ? 0o700 : 0o755, uid: owner(folder), gid: owner(folder) })
  }
  const kind = file.kind ?? 'file'
  if (kind === 'link') return symlinkSync(file.target ?? '', machine.at(path))
  if (kind === 'folder') mkdirSync(machine.at(path), { recursive: true })
  else writeFileSync(machine.at(path), file.text ?? '')
  utimesSync(machine.at(path), (file.modifiedMs ?? now) / 1000, (file.modifiedMs ?? now) / 1000)
  give(machine.at(path), { mode: file.mode ?? (kind === 'folder' ? 0o700 : 0o600), uid: file.uid ?? owner(path), gid: file.gid ?? owner(path) })
}

function give(path: string, { mode, uid, gid }: { mode: number; uid: number; gid: number }): void {
  if (process.geteuid?.() === 0) chownSync(path, uid, gid)
  chmodSync(path, mode)
}
