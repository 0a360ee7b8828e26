/** What a law may ask about a program: its syntax tree, its lines, what it imports. */
import { stripTypeScriptTypes } from 'node:module'
import { dirname, posix } from 'node:path'
import { parse, type AnyNode } from 'acorn'
import type { File } from './tree.ts'

/** An import of any kind: static, re-exporting, dynamic, `import type`, `import('x').T`. */
export interface Import {
  /** As written: `../base/index.ts`, `node:fs`, `zod`. */
  from: string
  /** The path from the root of the repository when it is a relative import, else `null`. */
  path: string | null
}

/** Nodes by their kind, read once per file: several questions are asked of each. */
type Kinds = Map<string, AnyNode[]>

const read = new WeakMap<File, Kinds>()

/** Every node of one kind, in the order of the text. Types are blanked first, so lines stay where they are. */
export function nodesOf<T extends AnyNode['type']>(file: File, type: T): Extract<AnyNode, { type: T }>[] {
  let kinds = read.get(file)
  if (!kinds) read.set(file, (kinds = kindsOf(file)))
  return (kinds.get(type) ?? []) as Extract<AnyNode, { type: T }>[]
}

/** Calls `visit` for a node and all below it, parents first. */
export function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node)
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) walk(child, visit)
  }
}

function kindsOf(file: File): Kinds {
  const plain = file.path.endsWith('.ts') ? stripTypeScriptTypes(file.text) : file.text
  const program = parse(plain, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true })
  const kinds: Kinds = new Map()
  walk(program, (node) => {
    const known = kinds.get(node.type)
    if (known) known.push(node)
    else kinds.set(node.type, [node])
  })
  return kinds
}

/** `name:line`, for a violation. */
export function at(file: File, node: AnyNode): string {
  return `${file.path}:${node.loc?.start.line ?? 0}`
}

/**
 * Type-only imports are gone from the syntax tree, so those are read from the text; there a statement begins its
 * line. The value imports come from the tree, which no layout of the text can hide them from.
 */
export function importsOf(file: File): Import[] {
  const statements = [
    ...nodesOf(file, 'ImportDeclaration'),
    ...nodesOf(file, 'ExportNamedDeclaration'),
    ...nodesOf(file, 'ExportAllDeclaration'),
    ...nodesOf(file, 'ImportExpression'),
  ]
  const values = statements.flatMap(({ source }) =>
    source?.type === 'Literal' && typeof source.value === 'string' ? [source.value] : [],
  )
  const types = file.path.endsWith('.ts') ? typeImports(file.text) : []
  return [...new Set([...values, ...types])].map((from) => ({ from, path: resolve(file.path, from) }))
}

function typeImports(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s+type\s[^'"]*?\sfrom\s+['"]([^'"]+)['"]/gm)
  const inTypes = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [...statements, ...inTypes].map((match) => match[1]!)
}

function resolve(path: string, from: string): string | null {
  return from.startsWith('.') ? posix.join(dirname(path), from) : null
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
