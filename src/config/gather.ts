import { join } from 'node:path'
import { messageOf, nearest } from '../base/index.ts'
import type { ConfigDisk } from './disk.ts'
import { placeKey, readDocument, type Place, type ReadDocument, type Written } from './document.ts'
import { dotted, type Path, type Problem } from './problem.ts'
import { configFileNames, homeOf, rootSchema, sections, shorthands, type ConfigFileName } from './sections.ts'

/** What all files together say, and where. */
export interface Gathered {
  /** By top-level key. */
  input: { [key: string]: Written }
  places: Map<string, Place>
  problems: Problem[]
  /** Paths of the files that were read. */
  sources: string[]
}

// A configuration of thousands of playbooks stays below this; what is larger is not a configuration.
const maxFileBytes = 1_048_576

/** Reads every file of ours in the directory and puts their settings together. Never throws on their contents. */
export async function gather(directory: string, disk: ConfigDisk): Promise<Gathered> {
  const all: Gathered = { input: Object.create(null), places: new Map(), problems: [], sources: [] }
  const folder = await disk.folder(directory)
  if (folder === null) return all
  judgeMode(directory, folder.mode, 'the directory', all.problems)
  judgeOwner(directory, folder.uid, disk.self, all.problems)
  for (const name of folder.names) judgeName(directory, name, all.problems)
  for (const name of configFileNames) {
    if (!folder.names.includes(name)) continue
    await readInto(all, name, join(directory, name), disk)
  }
  return all
}

async function readInto(all: Gathered, name: ConfigFileName, path: string, disk: ConfigDisk): Promise<void> {
  all.sources.push(path)
  try {
    const { text, mode, uid } = await disk.file(path, maxFileBytes)
    judgeOwner(path, uid, disk.self, all.problems)
    judgeMode(path, mode, 'the file', all.problems)
    merge(all, name, readDocument(path, text))
  } catch (error) {
    all.problems.push(aboutFile('config.unreadable', path, `cannot be read: ${messageOf(error)}`))
  }
}

function merge(all: Gathered, name: ConfigFileName, document: ReadDocument): void {
  for (const problem of document.problems) all.problems.push(problem) // too many for one call's arguments, perhaps
  for (const { key, value } of document.entries) {
    const target = shorthands[key]
    const accepted = Object.hasOwn(sections[name], target?.[0] ?? key)
    if (!accepted) all.problems.push(misplaced(key, name, document.places.get(placeKey([key]))!))
    else put(all, document, [key], target ?? [key], value)
  }
}

/** Puts a value where it belongs; two maps for one place are joined, anything else written twice is a mistake. */
function put(all: Gathered, document: ReadDocument, from: Path, to: readonly string[], value: Written): void {
  const place = document.places.get(placeKey(from))!
  const parent = parentOf(all.input, to)
  const last = to.at(-1)!
  if (parent === null || (Object.hasOwn(parent, last) && !(isMap(parent[last]) && isMap(value)))) {
    const first = all.places.get(placeKey(to))
    const where = first ? `: first in ${first.file}, line ${first.line}` : ''
    all.problems.push({ ...aboutPlace(place, to), code: 'config.duplicate-key', message: `written twice${where}` })
    return
  }
  if (!all.places.has(placeKey(to))) all.places.set(placeKey(to), place)
  if (Object.hasOwn(parent, last) && isMap(value)) {
    for (const key of Object.keys(value)) put(all, document, [...from, key], [...to, key], value[key]!)
    return
  }
  parent[last] = value
  movePlaces(all.places, document.places, from, to)
}

function parentOf(input: { [key: string]: Written }, path: readonly string[]): { [key: string]: Written } | null {
  let map = input
  for (const step of path.slice(0, -1)) {
    map[step] ??= Object.create(null) as { [key: string]: Written }
    const next = map[step]
    if (!isMap(next)) return null
    map = next
  }
  return map
}

/** Places at and below `from` in the file become places at and below `to` in the whole. */
function movePlaces(into: Map<string, Place>, places: ReadonlyMap<string, Place>, from: Path, to: Path): void {
  // `["a"]` and everything that begins with `["a",`: text is compared, since a file may hold many thousand places.
  const [old, fresh] = [placeKey(from).slice(0, -1), placeKey(to).slice(0, -1)]
  for (const [key, place] of places) {
    if (key.startsWith(old) && (key[old.length] === ',' || key[old.length] === ']')) {
      into.set(fresh + key.slice(old.length), place)
    }
  }
}

function isMap(value: Written | undefined): value is { [key: string]: Written } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function misplaced(key: string, file: ConfigFileName, place: Place): Problem {
  const home = homeOf(shorthands[key]?.[0] ?? key)
  if (home !== null) {
    const message = `\`${key}\` belongs into ${home}, not into ${file}`
    return { ...aboutPlace(place, [key]), code: 'config.wrong-file', message, nearest: home }
  }
  const near = nearest(key, Object.keys(rootSchema.shape))
  if (near !== null) {
    const elsewhere = Object.hasOwn(sections[file], near) ? '' : `, which belongs into ${homeOf(near)}`
    const message = `there is no setting \`${key}\`: did you mean \`${near}\`${elsewhere}?`
    return { ...aboutPlace(place, [key]), code: 'config.unknown-key', message, nearest: near }
  }
  const message = key.includes('.')
    ? `there is no setting \`${key}\`: settings are nested by indentation, not by dots`
    : `there is no setting \`${key}\`: ${file} knows ${Object.keys(sections[file]).join(', ')}`
  return { ...aboutPlace(place, [key]), code: 'config.unknown-key', message }
}

function judgeName(directory: string, name: string, problems: Problem[]): void {
  if (!/\.ya?ml$/i.test(name) || (configFileNames as string[]).includes(name)) return
  const near = nearest(name, configFileNames)
  // A file nobody reads is a rule nobody enforces; files that resemble none of ours are somebody else's.
  if (near === null) return
  const message = `this file is not read: did you mean ${near}?`
  problems.push({ ...aboutFile('config.unknown-file', join(directory, name), message), nearest: near })
}

/** Whoever can write the configuration owns the guard: group and others may not. */
function judgeMode(path: string, mode: number, what: string, problems: Problem[]): void {
  if ((mode & 0o022) === 0) return
  const who = (mode & 0o002) === 0 ? 'the group' : 'everybody'
  const bits = `0${mode.toString(8)}`
  const message = `${what} can be changed by ${who} (mode ${bits}), who would then own the guard: chmod go-w ${path}`
  problems.push(aboutFile('config.unsafe-mode', path, message))
}

/** Whoever owns it can change it: root and the guard's own user may. */
function judgeOwner(path: string, uid: number | null, self: number | null, problems: Problem[]): void {
  if (uid === null || uid === 0 || uid === self) return
  const message = `belongs to user ${uid}, who would then own the guard: chown ${self ?? 0} ${path}, or name another directory with --config`
  problems.push(aboutFile('config.unsafe-owner', path, message))
}

function aboutFile(code: Problem['code'], file: string, message: string): Problem {
  return { code, file, line: 1, column: 1, key: '', message }
}

function aboutPlace(place: Place, path: Path): Pick<Problem, 'file' | 'line' | 'column' | 'key'> {
  return { file: place.file, line: place.line, column: place.column, key: dotted(path) }
}
