import { posix } from 'node:path'
import { textAt } from '../config-values.ts'
import { DoesNotArise, stateDirOf, type FactReader, type Leave, type Subject } from '../subject.ts'
import { pathsIn, seeFile, seeFiles, type SeenFile } from './seen-files.ts'
import { fromHome } from '../home-folder.ts'

/** What of OpenClaw's state folder others could read or write, by kind. */
export interface StateFolderFacts {
  folder: SeenFile
  /** The folder above it. Who writes there can put another one in its place. */
  above: SeenFile | null
  config: SeenFile | null
  includes: readonly SeenFile[]
  credentials: readonly SeenFile[]
  /** Provider keys of each agent. */
  keys: readonly SeenFile[]
  sessions: readonly SeenFile[]
  databases: readonly SeenFile[]
  logs: readonly SeenFile[]
  /** Older copies of the configuration, and archives beside them. */
  backups: readonly SeenFile[]
  /** `.env` and other files with secrets at the top. */
  secrets: readonly SeenFile[]
}

// Of each kind. A busy year leaves some thousands of transcripts; looking at these many takes half a second.
const maxFiles = 10_000
const maxAgents = 1000

export const stateFolder: FactReader<StateFolderFacts> = {
  async read(subject, ask, leave) {
    const { files } = subject
    const first = (kind: keyof StateFolderFacts, paths: readonly string[], folder: string, max = maxFiles): readonly string[] => {
      if (paths.length > max) leave({ part: `stateFolder.${kind}`, what: kind, at: folder, looked: max, of: paths.length })
      return paths.slice(0, max)
    }
    if (files.platform === 'win32') throw new DoesNotArise('Windows has no permission bits')
    const path = stateDirOf(subject)
    const folder = await seeFile(files, path)
    if (folder === null) throw new Error(`${path} is not there`)
    const all = await pathsIn(files, posix.join(path, 'agents'))
    const agents = first('keys', all, posix.join(path, 'agents'), maxAgents)
    const [above, config, credentials, keys, sessions, databases, logs, backups, secrets] = await Promise.all([
      seeFile(files, posix.dirname(path)),
      configFile(subject, path),
      credentialsIn(subject, path, first),
      seeAll(subject, agents.flatMap((agent) => keyFiles.map((name) => posix.join(agent, 'agent', name)))),
      sessionsOf(subject, all, leave),
      seeAll(subject, databaseFiles.map((name) => posix.join(path, name))),
      logsOf(subject, { path, named: await logFile(ask, files.home), first }),
      pathsIn(files, path, isBackup).then(async (paths) => await seeAll(subject, first('backups', paths, path))),
      seeAll(subject, secretFiles.map((name) => posix.join(path, name))),
    ])
    const includes = await seeAll(subject, await includedFiles(ask))
    return { folder, above, config, includes, credentials, keys, sessions, databases, logs, backups, secrets }
  },
}

const keyFiles = ['auth-profiles.json', 'auth.json', 'models.json', ...withJournal('openclaw-agent.sqlite')]
const databaseFiles = withJournal('state/openclaw.sqlite')
const secretFiles = ['.env', 'secrets.json', 'exec-approvals.json', 'config-journal-fingerprint.key', 'identity/device.json']
// `openclaw.json.bak`, `.bak.3`, `.last-good` are its own; the others are what people make.
const isBackup = (name: string): boolean => /^(?:openclaw|clawdbot|moltbot)\.json(?:5)?\..+$/.test(name) || /\.(?:bak|backup|old|orig|tar|tgz|tar\.gz|zip)$/.test(name)

function withJournal(name: string): string[] {
  return [name, `${name}-wal`, `${name}-shm`]
}

async function seeAll({ files }: Subject, paths: readonly string[]): Promise<SeenFile[]> {
  return await seeFiles(files, [...new Set(paths)])
}

// A file handed over by itself has the mode of whoever copied it.
async function configFile({ host, files, config }: Subject, path: string): Promise<SeenFile | null> {
  return config === null || (host === null && !config.startsWith(`${path}/`)) ? null : await seeFile(files, config)
}

/** The first of them; the rest is told. */
type First = (kind: keyof StateFolderFacts, paths: readonly string[], folder: string) => readonly string[]

async function credentialsIn(subject: Subject, path: string, first: First): Promise<SeenFile[]> {
  const folder = posix.join(path, 'credentials')
  return await seeAll(subject, [folder, ...first('credentials', await pathsIn(subject.files, folder), folder)])
}

/** Agents one after the other, so that no more names are held than are looked at. */
async function sessionsOf(subject: Subject, agents: readonly string[], leave: Leave): Promise<SeenFile[]> {
  const chosen: string[] = []
  let all = 0
  for (const agent of agents) {
    const folder = posix.join(agent, 'sessions')
    const paths = [folder, ...(await pathsIn(subject.files, folder, (name) => /\.jsonl?$/.test(name)))]
    all += paths.length
    chosen.push(...paths.slice(0, maxFiles - chosen.length))
  }
  if (all > chosen.length) leave({ part: 'stateFolder.sessions', what: 'transcripts', at: posix.dirname(agents[0]!), looked: chosen.length, of: all })
  return await seeAll(subject, chosen)
}

async function logsOf(subject: Subject, { path, named, first }: { path: string; named: string | null; first: First }): Promise<SeenFile[]> {
  const folder = posix.join(path, 'logs')
  return await seeAll(subject, [...(named === null ? [] : [named]), posix.join(path, 'gateway.log'), ...first('logs', await pathsIn(subject.files, folder), folder)])
}

type Asked = Parameters<FactReader<StateFolderFacts>['read']>[1]

// Modes are asked about even where the configuration is not, or is broken.
async function logFile(ask: Asked, home: string): Promise<string | null> {
  const config = await ask('config').catch(() => null)
  const file = config === null ? undefined : textAt(config, 'logging.file')
  return file === undefined ? null : posix.resolve('/', fromHome(file.trim(), home))
}

async function includedFiles(ask: Asked): Promise<string[]> {
  const config = await ask('config').catch(() => null)
  return config === null ? [] : config.origins.flatMap(({ file }) => (file === null ? [] : [file]))
}
