import { importsOf } from './syntax.ts'
import { isCode, type File } from './tree.ts'

/** The rooms, from the ground up (docs/request-flow.md draws the same). A new room is a word in here. */
export const layers: readonly (readonly string[])[] = [
  ['base'],
  ['openclaw', 'host', 'content', 'policy', 'identity', 'secrets', 'budget', 'auditlog', 'approvals', 'store'],
  ['proxy', 'isolation', 'sandbox', 'cells', 'profiles', 'posture', 'proof', 'skills', 'memory', 'alerts', 'schedule', 'backup', 'incident'],
  ['config', 'control', 'guard', 'cli', 'sdk'],
]

/** The one file that knows everyone: what two rooms of a layer need from each other is handed over here. */
const knowsEveryone = 'src/guard/wire.ts'

/**
 * Between faces, where the layer has an order of its own: the guard runs what is configured and answers on the control
 * API; the command line is where a person holds all three.
 */
const faceEdges: Readonly<Record<string, readonly string[]>> = {
  cli: ['config', 'control', 'guard'],
  guard: ['config', 'control'],
}

/** Rooms made of parts that stand side by side, each with a face; what they share lies in the room itself. */
const parts: Readonly<Record<string, readonly string[]>> = {
  proxy: ['ingress', 'model', 'egress', 'dns'],
  // Loaded alone: an audit looks for secrets and judges no conversation; only the library compiles schemas.
  content: ['secrets', 'encoding', 'task'],
}

/** Every import between rooms that goes up, sideways, past a room's face, or between the parts of one room. */
export function forbiddenEdges(files: readonly File[]): string[] {
  return files.filter(({ path }) => path.startsWith('src/') && isCode(path)).flatMap((file) => [
    ...unplaced(file.path),
    ...importsOf(file).flatMap(({ path }) => {
      const reason = path?.startsWith('src/') ? judge(file.path, path) : null
      return reason === null ? [] : [`${file.path} → ${path}: ${reason}`]
    }),
  ])
}

function unplaced(path: string): string[] {
  const room = roomOf(path)
  return layerOf(room) === 0 ? [`${path}: room ${room} has no layer (tests/laws/layers.ts)`] : []
}

function judge(from: string, to: string): string | null {
  const [a, b] = [roomOf(from), roomOf(to)]
  if (a === b) return judgeParts(a, from, to)
  if (!isFace(a, b, to)) return `only src/${b}/index.ts may be imported from another room`
  if (from === knowsEveryone || faceEdges[a]?.includes(b)) return null
  const [upper, lower] = [layerOf(a), layerOf(b)]
  if (upper < lower) return `imports go down: ${a} is in layer ${upper}, ${b} in layer ${lower}`
  if (upper === lower) return `${a} and ${b} are both in layer ${upper}, whose rooms do not know each other`
  return null
}

/**
 * Two rooms would load the whole program through the faces of others: the configuration, which is composed of every
 * room's settings, and the command line, which knows every room's error codes and whose commands each need a small
 * part of the guard within milliseconds.
 */
function isFace(from: string, room: string, path: string): boolean {
  const inside = path.slice(`src/${room}/`.length)
  const faces = ['index.ts', ...partsOf(room).map((part) => `${part}/index.ts`)]
  if (from === 'config' && /^(\w+\/)?settings\.ts$/.test(inside)) return true
  if (from === 'cli' && /^(\w+\/)?errors\.ts$/.test(inside)) return true
  return faces.includes(inside) || (from === 'cli' && room === 'guard')
}

function judgeParts(room: string, from: string, to: string): string | null {
  const siblings = partsOf(room)
  const [a, b] = [from.split('/')[2]!, to.split('/')[2]!]
  const strangers = a !== b && siblings.includes(a) && siblings.includes(b)
  return strangers ? `${room}/${a} and ${room}/${b} do not know each other` : null
}

function partsOf(room: string): readonly string[] {
  return parts[room] ?? []
}

function roomOf(path: string): string {
  return path.split('/')[1]!
}

/** From 1; 0 for a room nobody has placed. */
function layerOf(room: string): number {
  return layers.findIndex((layer) => layer.includes(room)) + 1
}
