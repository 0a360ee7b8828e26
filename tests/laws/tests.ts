import type { AnyNode, CallExpression } from 'acorn'
import { at, nodesOf, walk } from './syntax.ts'
import type { File } from './tree.ts'

/** Tests that do not run, or that make the others not run. `skipIf` is allowed: it names its condition. */
export function silencedTests(files: readonly File[]): string[] {
  return files.flatMap((file) =>
    nodesOf(file, 'MemberExpression').flatMap((node) => {
      const owner = rootName(node.object)
      const word = node.property.type === 'Identifier' ? node.property.name : ''
      const silenced = ['it', 'test', 'describe'].includes(owner) && ['only', 'skip', 'todo', 'fails'].includes(word)
      return silenced ? [`${at(file, node)}: ${owner}.${word}`] : []
    }),
  )
}

/** Tests that cannot fail: nothing in them asserts. A function called `expect…` or `assert…` counts as asserting. */
export function idleTests(files: readonly File[]): string[] {
  return files.flatMap((file) => {
    const tests = nodesOf(file, 'CallExpression').filter(isTestCall)
    if (tests.length === 0) return [`${file.path}: no test in a test file`]
    return tests.filter((test) => !asserts(test)).map((test) => `${at(file, test)}: a test without an assertion`)
  })
}

/** `it('…', …)`, `it.each(…)('…', …)`, `it.skipIf(…)('…', …)`: whatever is given a function to run. */
function isTestCall(node: CallExpression): boolean {
  const runs = node.arguments.some(({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression')
  return runs && ['it', 'test'].includes(rootName(node.callee))
}

function asserts(test: CallExpression): boolean {
  let found = false
  walk(test, (node) => {
    found ||= node.type === 'Identifier' && /^(expect|assert)/.test(node.name)
  })
  return found
}

/** The `it` of `it.each(table)`. */
function rootName(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression') return rootName(node.object)
  if (node.type === 'CallExpression') return rootName(node.callee)
  if (node.type === 'TaggedTemplateExpression') return rootName(node.tag)
  return ''
}
