import type { AnyNode } from 'acorn'
import { at, nodesOf } from './syntax.ts'
import type { File } from './tree.ts'

/** Calls that turn text into code or into a command line, and chance an attacker can foresee. */
export function dangers(files: readonly File[]): string[] {
  return files.flatMap((file) => [...codeFromText(file), ...shells(file), ...weakChance(file)])
}

function codeFromText(file: File): string[] {
  const calls = [...nodesOf(file, 'CallExpression'), ...nodesOf(file, 'NewExpression')]
  return calls.flatMap((node) => {
    const name = nameOf(node.callee)
    return /^(globalThis\.)?(eval|Function)$/.test(name) ? [`${at(file, node)}: ${name} runs text as code`] : []
  })
}

/** `exec` and `execSync` start a shell by themselves, the others when told `shell`. */
function shells(file: File): string[] {
  const imports = nodesOf(file, 'ImportDeclaration')
  const imported = imports.filter(({ source }) => /^(node:)?child_process$/.test(String(source.value)))
  const byName = imported.flatMap((node) =>
    node.specifiers.flatMap((specifier) => {
      const name = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : '*'
      if (!['exec', 'execSync', '*'].includes(name)) return []
      return [`${at(file, node)}: ${name} of child_process starts a shell`]
    }),
  )
  const byOption = nodesOf(file, 'Property').filter(
    ({ key, value }) => nameOf(key) === 'shell' && value.type === 'Literal' && Boolean(value.value),
  )
  if (imported.length === 0) return []
  return [...byName, ...byOption.map((node) => `${at(file, node)}: the option shell starts a shell`)]
}

function weakChance(file: File): string[] {
  const members = nodesOf(file, 'MemberExpression').filter((node) => nameOf(node) === 'Math.random')
  return members.map((node) => `${at(file, node)}: Math.random can be foreseen; take Random from base`)
}

function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'Literal') return String(node.value)
  return node.type === 'MemberExpression' ? `${nameOf(node.object)}.${nameOf(node.property)}` : ''
}
