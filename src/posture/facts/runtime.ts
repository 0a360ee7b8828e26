import { parseUnitFile, unitValue, type Machine, type PasswdLine, type UnitSetting } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { linuxOf, type FactReader, type Subject } from '../subject.ts'
import { owned, type OwnedFile } from './ssh-files.ts'

/** How OpenClaw runs here: as whom, started by what. */
export interface RuntimeFacts {
  /** Users it runs as, or would; empty where nothing of it was found. */
  uids: readonly number[]
  units: readonly OpenClawUnit[]
  /** Its processes now, with their arguments; none for a copy of a machine. */
  processes: readonly { pid: number; uid: number; argv: readonly string[] }[]
}

export interface OpenClawUnit {
  name: string
  path: string
  scope: 'system' | 'user'
  mode: number
  /** Of the file and its drop-ins, the last one counts. */
  settings: readonly UnitSetting[]
  /** Our drop-in and what is in it. */
  dropIn: string
  dropInText: string | null
  /** Files its `EnvironmentFile=` name and that are there. */
  environmentFiles: readonly OwnedFile[]
}

// Its names over time: Clawdbot, Moltbot, OpenClaw.
const names = /\b(openclaw|clawdbot|moltbot)\b/i

export const runtime: FactReader<RuntimeFacts> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const [units, processes, { users }] = await Promise.all([unitsOf(host), processesOf(host), ask('accounts')])
    const ofUnits = await Promise.all(units.map(async (unit) => {
      if (unit.scope === 'user') return await ownerOf(host, unit.path, users)
      const user = unitValue(unit.settings, 'Service', 'User')
      if (user === null) return unitValue(unit.settings, 'Service', 'DynamicUser') === null ? 0 : undefined
      return users.find(({ name, uid }) => name === user || String(uid) === user)?.uid
    }))
    const ofState = await stateOwner(subject, users)
    const known = [...ofUnits, ...processes.map(({ uid }) => uid), ...(ofState === null ? [] : [ofState])].filter((uid) => uid !== undefined)
    return { uids: [...new Set(known)], units, processes }
  },
}

/** Who owns the state on this very machine. */
async function stateOwner({ host, files, stateDir }: Subject, users: readonly PasswdLine[]): Promise<number | null> {
  return host !== files || stateDir === null ? null : ((await ownerOf(files, stateDir, users)) ?? null)
}

/** Files of a copy belong to whoever made it: there the account is asked in whose home they lie. */
async function ownerOf(machine: Machine, path: string, users: readonly PasswdLine[]): Promise<number | undefined> {
  if (machine.live) return (await machine.status(path))?.uid
  return users.filter(({ home }) => home !== '/' && path.startsWith(`${home}/`)).sort((a, b) => b.home.length - a.home.length)[0]?.uid
}

async function unitsOf(host: Machine): Promise<OpenClawUnit[]> {
  const places = [{ folder: '/etc/systemd/system', scope: 'system' }, { folder: `${host.home}/.config/systemd/user`, scope: 'user' }] as const
  const found = await Promise.all(places.map(async ({ folder, scope }) => {
    const files = ((await host.names(folder)) ?? []).filter((name) => name.endsWith('.service'))
    return await askAll(files, async (name) => await unitOf(host, `${folder}/${name}`, scope))
  }))
  return found.flat().filter((unit) => unit !== null)
}

async function unitOf(host: Machine, path: string, scope: OpenClawUnit['scope']): Promise<OpenClawUnit | null> {
  const status = await host.status(path)
  if (status === null || status.target === '/dev/null') return null
  const text = await host.text(path)
  if (text === null || !parseUnitFile(text, path).some(({ key, value }) => key === 'ExecStart' && names.test(value))) return null
  const folder = `${path}.d`
  const dropIns = ((await host.names(folder)) ?? []).filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`)
  const texts = await Promise.all(dropIns.map(async (one) => (await host.text(one)) ?? ''))
  const dropIn = `${folder}/60-hardshell.conf`
  const settings = [...parseUnitFile(text, path), ...dropIns.flatMap((one, i) => parseUnitFile(texts[i]!, one))]
  return { name: path.split('/').at(-1)!, path, scope, mode: status.mode, settings, dropIn, dropInText: texts[dropIns.indexOf(dropIn)] ?? null, environmentFiles: await owned(host, environmentPaths(settings, host.home)) }
}

/** A dash before the path lets it be absent; `%h` is the home of whoever runs it. */
function environmentPaths(settings: readonly UnitSetting[], home: string): readonly string[] {
  const paths = settings.filter(({ section, key }) => section === 'Service' && key === 'EnvironmentFile').map(({ value }) => value.replace(/^-/, '').replaceAll('"', '').replaceAll('%h', home))
  return [...new Set(paths)].filter((path) => path.startsWith('/') && !path.includes('*'))
}

async function processesOf(host: Machine): Promise<RuntimeFacts['processes']> {
  const pids = ((await host.names('/proc').catch(() => null)) ?? []).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => {
    // A process may end while it is looked at.
    const text = await host.text(`/proc/${pid}/cmdline`).catch(() => null)
    const argv = (text ?? '').split('\0').filter((arg) => arg !== '')
    if (!isOpenClaw(argv)) return null
    const status = await host.status(`/proc/${pid}`).catch(() => null)
    return status === null ? null : { pid: Number(pid), uid: status.uid, argv }
  }))
  return found.filter((one) => one !== null)
}

/** Its own title (`openclaw-gateway`), its launcher, or Node with a file of it. An editor with its configuration is not. */
function isOpenClaw([program = '', script = '']: readonly string[]): boolean {
  const base = program.split('/').at(-1)!.split(' ')[0]!
  if (/^(openclaw|clawdbot|moltbot)(-gateway)?(\.mjs)?$/.test(base)) return true
  return base === 'node' && /\/(openclaw|clawdbot|moltbot)(\.mjs|\/(dist|openclaw\.mjs)|$)/.test(script)
}
