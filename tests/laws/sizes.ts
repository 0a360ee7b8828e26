import { at, nodesOf } from './syntax.ts'
import { isTest, type File } from './tree.ts'

/** Folders below `src/` a file may be in: `posture/checks/gateway` is as deep as it gets. */
const maxDepth = 3
const maxFileLines = 400
/** From here on a file says why, in its first lines: `// long: one table`. A test file is a list and need not. */
const reasonFromLines = 250
const maxFunctionLines = 80

/** Files that ought to be two. */
export function longFiles(files: readonly File[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1
    if (lines > maxFileLines) return [`${path}: ${lines} lines, more than ${maxFileLines}`]
    const explained = path.endsWith('.test.ts') || text.split('\n', 5).some((line) => /^\/\/ long: \S+/.test(line))
    return lines <= reasonFromLines || explained ? [] : [`${path}: ${lines} lines and no "// long: reason" at its top`]
  })
}

/** Functions nobody can hold in the head. The callbacks tests are made of are not meant. */
export function longFunctions(files: readonly File[]): string[] {
  return files.filter(({ path }) => !isTest(path)).flatMap((file) =>
    [
      ...nodesOf(file, 'FunctionDeclaration'),
      ...nodesOf(file, 'FunctionExpression'),
      ...nodesOf(file, 'ArrowFunctionExpression'),
    ].flatMap((node) => {
      const lines = node.loc!.end.line - node.loc!.start.line + 1
      if (lines <= maxFunctionLines) return []
      return [`${at(file, node)}: a function of ${lines} lines, more than ${maxFunctionLines}`]
    }),
  )
}

/** Files that lie too deep to be found. */
export function deepFiles(files: readonly Pick<File, 'path'>[]): string[] {
  return files.flatMap(({ path }) => {
    const depth = path.split('/').length - 2
    if (!path.startsWith('src/') || depth <= maxDepth) return []
    return [`${path}: ${depth} folders below src, more than ${maxDepth}`]
  })
}
