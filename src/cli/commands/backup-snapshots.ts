import { contentOf, findSnapshot, listSnapshots, readAll, type KeptFile, type Snapshot } from '../../backup/index.ts'
import { keepConfig } from '../../guard/config-snapshots.ts'
import { operatorName } from '../guard-access.ts'
import { snapshotPlaceOf, type InstallationOptions } from '../installation.ts'
import { recordChange } from '../record-change.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

export type SnapshotOptions = InstallationOptions & { json?: unknown; why?: unknown }

/** `hardshell backup snapshots list`: every snapshot, the newest last. */
export async function listAll(options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const { paths } = await snapshotPlaceOf(options, terminal)
  const all = await listSnapshots(paths.snapshots)
  const rows = all.map((snapshot, index) => ({ snapshot, changed: changedIn(snapshot, all[index - 1]) }))
  if (options.json === true) {
    terminal.out(JSON.stringify(rows.map(({ snapshot: { id, at, by, why, cause, files }, changed }) => ({ id, at: new Date(at).toISOString(), by, why, cause, changed, files: files.filter(({ sha256 }) => sha256 !== null).map(({ path, sha256 }) => ({ path, sha256 })) })), null, 2))
    return 0
  }
  terminal.out(rows.length === 0 ? 'no snapshot yet: the first is kept when a guard starts' : columns(rows.map(({ snapshot, changed }) => [snapshot.id, causes[snapshot.cause], visible(snapshot.by), visible(snapshot.why), changed.map((path) => visible(path.slice(path.lastIndexOf('/') + 1))).join(', ')])))
  return 0
}

const causes = { ours: 'ours', seen: 'found' } as const

/** `hardshell backup snapshots show ID`: what it holds, without secrets. */
export async function show(id: string, options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const { paths } = await snapshotPlaceOf(options, terminal)
  const snapshot = await findSnapshot(paths.snapshots, id)
  const { hideSecrets } = await import('../../posture/index.ts')
  const files = await Promise.all(snapshot.files.filter(isThere).map(async (file) => ({ ...file, text: hideSecrets(file.path, (await contentOf(paths.snapshots, file))!.toString('utf8')) })))
  if (options.json === true) terminal.out(JSON.stringify({ ...snapshot, at: new Date(snapshot.at).toISOString(), files }, null, 2))
  else for (const { path, mode, uid, gid, text } of files) terminal.out([terminal.paint('bold', `${visible(path)}  ${mode.toString(8)} ${uid}:${gid}`), ...text.split('\n').map(visible)].join('\n'))
  return 0
}

/** `hardshell backup snapshots diff FROM [TO]`: between two snapshots, or a snapshot and now. Exit 1: they differ. */
export async function diff(from: string, to: string | undefined, options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const { paths, files } = await snapshotPlaceOf(options, terminal)
  const before = await contents(paths.snapshots, await findSnapshot(paths.snapshots, from))
  const after = to === undefined ? new Map((await readAll(files)).map(({ path, bytes }) => [path, bytes])) : await contents(paths.snapshots, await findSnapshot(paths.snapshots, to))
  const differences = await differencesOf(before, after)
  if (options.json === true) terminal.out(JSON.stringify(differences, null, 2))
  else terminal.out(differences.length === 0 ? 'no difference' : differences.flatMap(({ lines }) => lines.map(visible)).join('\n'))
  return differences.length === 0 ? 0 : 1
}

/** `hardshell backup snapshots keep`: one more, now. */
export async function keep(options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const by = operatorName(terminal.env)
  const why = typeof options.why === 'string' ? options.why : 'asked for'
  const { snapshot, isNew, sha256 } = await keepConfig(await snapshotPlaceOf(options, terminal), { why, by, cause: 'ours' })
  if (isNew) await recordChange({ rule: 'backup.snapshot', target: `snapshot ${snapshot.id}`, result: `${why}; sha256 ${sha256}` }, options, terminal)
  if (options.json === true) terminal.out(JSON.stringify({ ok: true, id: snapshot.id, isNew, sha256 }))
  else terminal.out(isNew ? `kept as ${snapshot.id}` : `nothing has changed since ${snapshot.id}`)
  return 0
}

/** What would have to be changed in each file, as a person may see it. */
export async function differencesOf(before: ReadonlyMap<string, Buffer | null>, after: ReadonlyMap<string, Buffer | null>): Promise<{ path: string; lines: string[] }[]> {
  const { shownDifference } = await import('../../posture/index.ts')
  const all = [...new Set([...before.keys(), ...after.keys()])]
  return all.map((path) => ({ path, lines: shownDifference(path, before.get(path) ?? null, after.get(path) ?? null) })).filter(({ lines }) => lines.length > 0)
}

/** The bytes of every file of a snapshot. @throws HardshellError `backup.snapshot-damaged` */
export async function contents(folder: string, { files }: Snapshot): Promise<Map<string, Buffer | null>> {
  return new Map(await Promise.all(files.map(async (file) => [file.path, await contentOf(folder, file)] as const)))
}

function changedIn(snapshot: Snapshot, before: Snapshot | undefined): string[] {
  const was = new Map(before?.files.map((file) => [file.path, file]))
  const facts = (file: KeptFile | undefined): string => (file === undefined || file.sha256 === null ? 'absent' : `${file.sha256} ${file.mode} ${file.uid} ${file.gid}`)
  const paths = [...new Set([...was.keys(), ...snapshot.files.map(({ path }) => path)])]
  return paths.filter((path) => facts(was.get(path)) !== facts(snapshot.files.find((file) => file.path === path)))
}

function isThere({ sha256 }: KeptFile): boolean {
  return sha256 !== null
}
