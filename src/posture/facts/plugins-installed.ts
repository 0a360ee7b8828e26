import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { stateDirOf, type FactReader, type Subject } from '../subject.ts'
import type { ConfigFacts } from './config.ts'
import { pathsIn, seeFile, seeFiles, type SeenFile } from './seen-files.ts'
import { stateDocument, type StateDocumentPlace } from './state-documents.ts'
import { fromHome } from '../home-folder.ts'

/** A plugin in the state folder. */
export interface InstalledPlugin {
  id: string
  path: string
  version: string | null
  /** Its folder, its manifest and its entries. */
  files: readonly SeenFile[]
  /** Entries that are not in its folder. */
  outside: readonly string[]
  /** Entries in a hidden folder or in `node_modules`, where no scanner looks. */
  hidden: readonly string[]
  /** Why its manifest cannot be read. */
  broken: string | null
}

/** What OpenClaw noted when it installed a plugin or a pack of hooks from npm. */
export interface InstallRecord {
  kind: 'plugin' | 'hook'
  id: string
  /** Keys to it in `openclaw.json`, `null` where it stands elsewhere. */
  at: readonly string[] | null
  /** For people. */
  where: string
  spec: string | null
  /** Name and version that were fetched. */
  resolvedName: string | null
  resolvedVersion: string | null
  integrity: string | null
  /** What lies on the disk now. */
  installedVersion: string | null
}

export interface PluginsInstalledFacts {
  plugins: readonly InstalledPlugin[]
  records: readonly InstallRecord[]
}

export const pluginsInstalled: FactReader<PluginsInstalledFacts> = {
  async read(subject, ask) {
    const stateDir = stateDirOf(subject)
    const config = await ask('config').catch(() => null)
    const folders = await pathsIn(subject.files, posix.join(stateDir, 'extensions'), isPlugin)
    const plugins = await Promise.all(folders.map(async (folder) => await pluginIn(subject.files, folder)))
    return { plugins: plugins.filter((plugin) => plugin !== null), records: await recordsOf(subject, config) }
  },
}

// As OpenClaw itself leaves them out of its audit: leftovers of installs.
function isPlugin(name: string): boolean {
  const lower = name.toLowerCase()
  return !lower.startsWith('.') && lower !== 'node_modules' && !lower.endsWith('.bak') && !lower.includes('.backup-') && !lower.includes('.disabled')
}

async function pluginIn(files: Machine, path: string): Promise<InstalledPlugin | null> {
  const folder = await seeFile(files, path)
  if (folder?.kind !== 'folder') return null
  const [own, manifest] = await Promise.all([readObject(files, posix.join(path, 'package.json')), readObject(files, posix.join(path, 'openclaw.plugin.json'))])
  const openclaw = isRecord(own.value?.['openclaw']) ? own.value['openclaw'] : {}
  const entries = (Array.isArray(openclaw['extensions']) ? openclaw['extensions'] : []).filter((entry) => typeof entry === 'string')
  const inside = (entry: string): boolean => posix.resolve(path, entry).startsWith(`${path}/`)
  const kept = entries.filter(inside)
  const id = manifest.value?.['id']
  return {
    id: typeof id === 'string' ? id : posix.basename(path),
    path,
    version: textOf(own.value?.['version']),
    files: [folder, ...(await seeFiles(files, ['package.json', 'openclaw.plugin.json', ...kept].map((name) => posix.join(path, name))))],
    outside: entries.filter((entry) => !inside(entry)),
    hidden: kept.filter((entry) => posix.normalize(entry).split('/').some((part) => part === 'node_modules' || (part.startsWith('.') && part !== '.'))),
    broken: own.broken ?? manifest.broken,
  }
}

async function recordsOf(subject: Subject, config: ConfigFacts | null): Promise<InstallRecord[]> {
  const value = config?.value ?? {}
  const [index, hooks] = await Promise.all([stateDocument(subject, pluginIndex), stateDocument(subject, hookInstalls)])
  const sources: [InstallRecord['kind'], unknown, readonly string[] | null, string][] = [
    ['plugin', at(value, ['plugins', 'installs']), ['plugins', 'installs'], config?.path ?? ''],
    ['hook', at(value, ['hooks', 'internal', 'installs']), ['hooks', 'internal', 'installs'], config?.path ?? ''],
    ['plugin', index === null ? null : installRecordsIn(JSON.parse(index.text)), null, index?.at ?? ''],
    ['hook', hooks === null ? null : JSON.parse(hooks.text), null, hooks?.at ?? ''],
  ]
  const records = sources.flatMap(([kind, from, keys, where]) =>
    isRecord(from) ? Object.entries(from).flatMap(([id, record]) => (isRecord(record) && record['source'] === 'npm' ? [{ kind, id, record, keys, where }] : [])) : [],
  )
  return await Promise.all(
    records.map(async ({ kind, id, record, keys, where }) => {
      const folder = textOf(record['installPath']) ?? posix.join(subject.stateDir!, kind === 'plugin' ? 'extensions' : 'hooks', id)
      const { value: installed } = await readObject(subject.files, posix.join(fromHome(folder, subject.files.home), 'package.json'))
      return {
        kind,
        id,
        at: keys === null ? null : [...keys, id],
        where,
        spec: textOf(record['spec']),
        resolvedName: textOf(record['resolvedName']),
        resolvedVersion: textOf(record['resolvedVersion']) ?? textOf(record['version']),
        integrity: textOf(record['integrity']),
        installedVersion: textOf(installed?.['version']),
      }
    }),
  )
}

const row = (key: string): Omit<StateDocumentPlace, 'file'> => ({ table: 'config_machine_state', row: `config_machine_state ${key}`, query: `select value_json as text from config_machine_state where state_key = '${key}'` })
const pluginIndex = { file: 'plugins/installs.json', ...row('plugins.installedIndex') }
const hookInstalls = { file: 'hooks/installs.json', ...row('hooks.internal.installs') }

// In the file, at the top; in the row, below `index`.
function installRecordsIn(document: unknown): unknown {
  if (!isRecord(document)) return null
  return at(document, ['index', 'installRecords']) ?? document['installRecords'] ?? document['records'] ?? null
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

async function readObject(files: Machine, path: string): Promise<{ value: Record<string, unknown> | null; broken: string | null }> {
  const text = await files.text(path)
  if (text === null || text.trim() === '') return { value: null, broken: null }
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? { value, broken: null } : { value: null, broken: `${posix.basename(path)} is no object` }
  } catch {
    return { value: null, broken: `${posix.basename(path)} is not JSON` }
  }
}
