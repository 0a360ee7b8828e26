import { posix } from 'node:path'
import { readIncluded } from './included-files.ts'
import type { Machine } from './machine.ts'
import { matchesName } from './name-glob.ts'

/** A directive of nginx with its words; a block has children. */
export interface NginxDirective {
  name: string
  args: readonly string[]
  path: string
  line: number
  /** For a block: where its content begins in the text of the file, behind the brace. `null` for a plain directive. */
  inside: number | null
  children: readonly NginxDirective[]
}

/** Texts by absolute path: `nginx.conf` and whatever it includes. */
export type NginxFiles = Readonly<Record<string, string>>

const main = '/etc/nginx/nginx.conf'

/** @returns `null` where there is no nginx.conf. @throws HardshellError what the machine throws */
export async function readNginxFiles(from: Pick<Machine, 'text' | 'names'>): Promise<NginxFiles | null> {
  return await readIncluded(main, from, (text) => [...text.matchAll(/^[^#\n]*\binclude\s+([^;\s]+)\s*;/gm)].map(([, pattern]) => posix.resolve('/etc/nginx', pattern!)))
}

/** The whole configuration, includes put where they stand. Pure. */
export function parseNginx(files: NginxFiles, path = main, depth = 0): readonly NginxDirective[] {
  const parsed = block(tokensOf(files[path] ?? ''), path)
  return depth > 8 ? parsed : parsed.flatMap((one) => withIncludes(files, one, depth))
}

function withIncludes(files: NginxFiles, directive: NginxDirective, depth: number): readonly NginxDirective[] {
  if (directive.name !== 'include') return [{ ...directive, children: directive.children.flatMap((child) => withIncludes(files, child, depth)) }]
  const place = posix.resolve('/etc/nginx', directive.args[0] ?? '')
  const named = Object.keys(files).filter((path) => posix.dirname(path) === posix.dirname(place) && matchesName(posix.basename(place), posix.basename(path)))
  return named.sort().flatMap((path) => parseNginx(files, path, depth + 1))
}

interface Token {
  text: string
  line: number
  end: number
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  let seen = 0
  for (const found of text.matchAll(/#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\$\{\w+\}|[^\s{};#"'])[^\s{};]*/g)) {
    line += text.slice(seen, found.index).split('\n').length - 1
    seen = found.index
    if (!found[0].startsWith('#')) tokens.push({ text: found[0], line, end: found.index + found[0].length })
  }
  return tokens
}

function block(tokens: Token[], path: string): NginxDirective[] {
  const directives: NginxDirective[] = []
  let words: Token[] = []
  while (tokens.length > 0) {
    const token = tokens.shift()!
    if (token.text === '}') break
    if (token.text !== ';' && token.text !== '{') {
      words.push(token)
      continue
    }
    const isBlock = token.text === '{'
    const children = isBlock ? block(tokens, path) : []
    const [name, ...args] = words.map(({ text }) => text.replace(/^(["'])(.*)\1$/s, '$2'))
    if (name !== undefined) directives.push({ name, args, path, line: words[0]!.line, inside: isBlock ? token.end : null, children })
    words = []
  }
  return directives
}
