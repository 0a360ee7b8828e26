import type { NginxDirective, NginxFiles } from '../host/index.ts'
import type { FileChange } from './change.ts'
import { everywhere, type FrontServer } from './facts/front.ts'

/** The directive where it holds for a server: its own, or the one around it. */
export function saysOf({ block, outer }: FrontServer, name: string): readonly NginxDirective[] {
  const own = block.children.filter((one) => one.name === name)
  return own.length > 0 ? own : outer.filter((one) => one.name === name)
}

/** Where a finding points to. */
export function placeOf({ block }: FrontServer): string {
  return `${block.path}:${block.line}`
}

/** A block whose own headers count, and those that do. */
export interface HeaderBlock {
  block: NginxDirective
  headers: readonly NginxDirective[]
}

/**
 * Headers do not add up: a block with one `add_header` of its own drops all from around it
 * (ngx_http_headers_module), so each block that hands requests on is looked at for itself.
 */
export function headerBlocks(server: FrontServer): readonly HeaderBlock[] {
  const inLocations = server.block.children.filter((one) => one.name === 'location' && everywhere(one).some(({ name }) => name === 'proxy_pass') && headersIn(one).length > 0)
  const handed = server.block.children.filter((one) => one.name === 'location' && everywhere(one).some(({ name }) => name === 'proxy_pass'))
  const own = inLocations.map((block) => ({ block, headers: headersIn(block) }))
  const all = { block: server.block, headers: saysOf(server, 'add_header') }
  return own.length === handed.length && own.length > 0 ? own : [...own, all]
}

export function hasHeader({ headers }: HeaderBlock, name: string): boolean {
  return headers.some(({ args }) => args[0]?.toLowerCase() === name.toLowerCase())
}

function headersIn({ children }: NginxDirective): readonly NginxDirective[] {
  return children.filter(({ name }) => name === 'add_header')
}

/** A header more in a block; what it had from around it is written down with it, or it would be lost. */
export function headerLines({ block, headers }: HeaderBlock, lines: readonly string[]): Insertion {
  const inherited = headersIn(block).length > 0 ? [] : headers.map(({ args }) => `add_header ${args.map(quoted).join(' ')};`)
  return { into: block, lines: [...inherited, ...lines] }
}

export interface Insertion {
  into: NginxDirective
  lines: readonly string[]
}

/** One change for each file, the lines at the beginning of their blocks. */
export function insertLines(files: NginxFiles, insertions: readonly Insertion[]): readonly FileChange[] {
  const paths = [...new Set(insertions.map(({ into }) => into.path))]
  return paths.map((path) => {
    const from = files[path]!
    // From the end, so that the places before stay where they are.
    const here = insertions.filter(({ into }) => into.path === path).sort((a, b) => b.into.inside! - a.into.inside!)
    const to = here.reduce((text, { into, lines }) => text.slice(0, into.inside!) + lines.map((line) => `\n    ${line}`).join('') + text.slice(into.inside!), from)
    return { kind: 'file', path, from, to }
  })
}

function quoted(arg: string): string {
  return /[\s;]/.test(arg) ? `"${arg}"` : arg
}

/** These plain directives written anew, each where it stands. */
export function replaceDirectives(files: NginxFiles, directives: readonly NginxDirective[], by: string): readonly FileChange[] {
  const paths = [...new Set(directives.map(({ path }) => path))]
  return paths.map((path) => {
    const here = directives.filter((one) => one.path === path)
    const to = files[path]!.split('\n').map((line, index) => here.reduce((text, one) => (one.line === index + 1 ? text.replace(directiveText(one.name), by) : text), line)).join('\n')
    return { kind: 'file', path, from: files[path]!, to }
  })
}

function directiveText(name: string): RegExp {
  return new RegExp(`\\b${name}\\s+[^;]*`)
}
