import { at, importsOf, nodesOf } from './syntax.ts'
import { isTest, type File } from './tree.ts'

/** Rooms that only compute: same input, same answer, on any machine, at any time. */
export const pureRooms = ['content', 'policy']

const worldly = new Set([
  'process',
  'performance',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'console',
  'Buffer',
  'require',
  'globalThis',
])

/** Where a pure room reaches for the machine, the clock, chance or the network. */
export function impurities(files: readonly File[]): string[] {
  const inPureRoom = ({ path }: File): boolean => pureRooms.includes(path.split('/')[1]!) && !isTest(path)
  return files.filter(inPureRoom).flatMap((file) => [
    ...importsOf(file).flatMap(({ from }) => (from.startsWith('node:') ? [`${file.path}: imports ${from}`] : [])),
    ...worldlyNames(file),
    ...clocks(file),
  ])
}

function worldlyNames(file: File): string[] {
  const named = [...nodesOf(file, 'Property'), ...nodesOf(file, 'PropertyDefinition'), ...nodesOf(file, 'MethodDefinition')]
  const properties = new Set<unknown>([
    ...named.filter(({ computed }) => !computed).map(({ key }) => key),
    ...nodesOf(file, 'MemberExpression').filter(({ computed }) => !computed).map(({ property }) => property),
  ])
  return nodesOf(file, 'Identifier')
    .filter((node) => worldly.has(node.name) && !properties.has(node))
    .map((node) => `${at(file, node)}: uses ${node.name}`)
}

function clocks(file: File): string[] {
  const now = nodesOf(file, 'MemberExpression').filter(({ object, property }) => {
    if (object.type !== 'Identifier' || property.type !== 'Identifier') return false
    return ['Date.now', 'Math.random'].includes(`${object.name}.${property.name}`)
  })
  const today = nodesOf(file, 'NewExpression').filter(
    ({ callee, arguments: given }) => callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0,
  )
  return [...now, ...today].map((node) => `${at(file, node)}: asks the clock or chance`)
}
