/** What a law may ask about a program: its syntax tree, its lines, what it imports. */
import { stripTypeScriptTypes } from 'node:module'
import { dirname, posix } from 'node:path'
import { parse, type AnyNode, type Program } from 'acorn'
import type { File } from './tree.ts'

/** An import of any kind: static, re-exporting, dynamic, `import type`, `import('x').T`. */
export interface Import {
  /** As written: `../base/index.ts`, `node:fs`, `zod`. */
  from: string
  /** The path from the root of the repository when it is a relative import, else `null`. */
  path: string | null
}

const programs = new WeakMap<File, Program>()

/** The tree of a file. Types are blanked first, so lines stay where they are. */
export function programOf(file: File): Program {
  const known = programs.get(file)
  if (known) return known
  const plain = file.path.endsWith('.ts') ? stripTypeScriptTypes(file.text) : file.text
  const program = parse(plain, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true })
  programs.set(file, program)
  return program
}

/** Calls `visit` for every node, parents first. */
export function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node)
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit)
  }
}

/** Every node of one kind. */
export function nodesOf<T extends AnyNode['type']>(file: File, type: T): Extract<AnyNode, { type: T }>[] {
  const found: Extract<AnyNode, { type: T }>[] = []
  walk(programOf(file), (node) => {
    if (node.type === type) found.push(node as Extract<AnyNode, { type: T }>)
  })
  return found
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
  const values = new Set<string>()
  walk(programOf(file), (node) => {
    if (!('source' in node) || !node.source || !isNode(node.source)) return
    if (node.source.type === 'Literal' && typeof node.source.value === 'string') values.add(node.source.value)
  })
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
