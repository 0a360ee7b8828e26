import { posix } from 'node:path'
import { textAt } from '../config-values.ts'
import { DoesNotArise, stateDirOf, type FactReader, type Subject } from '../subject.ts'
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

// A busy agent has thousands of transcripts, all made with one umask: a sample tells.
const maxSessions = 100
// The same holds for agents: they are made by one program.
const maxAgents = 1000

export const stateFolder: FactReader<StateFolderFacts> = {
  async read(subject, ask) {
    const { files } = subject
    if (files.platform === 'win32') throw new DoesNotArise('Windows has no permission bits')
    const path = stateDirOf(subject)
    const folder = await seeFile(files, path)
    if (folder === null) throw new Error(`${path} is not there`)
    const agents = (await pathsIn(files, posix.join(path, 'agents'))).slice(0, maxAgents)
    const [above, config, credentials, keys, sessions, databases, logs, backups, secrets] = await Promise.all([
      seeFile(files, posix.dirname(path)),
      configFile(subject, path),
      credentialsBelow(subject, path),
      seeAll(subject, agents.flatMap((agent) => keyFiles.map((name) => posix.join(agent, 'agent', name)))),
      sessionsOf(subject, agents),
      seeAll(subject, databaseFiles.map((name) => posix.join(path, name))),
      logsOf(subject, path, await logFile(ask, files.home)),
      pathsIn(files, path, isBackup).then(async (paths) => await seeAll(subject, paths)),
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

async function credentialsBelow(subject: Subject, path: string): Promise<SeenFile[]> {
  const folder = posix.join(path, 'credentials')
  return await seeAll(subject, [folder, ...(await pathsIn(subject.files, folder))])
}

async function sessionsOf(subject: Subject, agents: readonly string[]): Promise<SeenFile[]> {
  const folders = agents.map((agent) => posix.join(agent, 'sessions'))
  const inside = await Promise.all(folders.map(async (folder) => await pathsIn(subject.files, folder, (name) => /\.jsonl?$/.test(name))))
  return await seeAll(subject, [...folders, ...inside.flatMap((paths) => paths.slice(-maxSessions))])
}

async function logsOf(subject: Subject, path: string, named: string | null): Promise<SeenFile[]> {
  const logs = await pathsIn(subject.files, posix.join(path, 'logs'))
  return await seeAll(subject, [...(named === null ? [] : [named]), posix.join(path, 'gateway.log'), ...logs])
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
