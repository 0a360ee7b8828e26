import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { checks } from '../posture/index.ts'
import { buildProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

const root = join(import.meta.dirname, '../..')
const program = buildProgram({ out: () => {}, err: () => {}, self: 'hardshell' } as unknown as Terminal, () => {})

/** What a reader who pastes it would be told: an unknown command or option, or `null`. */
function flaw(line: string): string | null {
  const words = line.split(/\s+/)
  let command: Command = program
  let at = 0
  for (; at < words.length; at++) {
    const next = command.commands.find((one) => one.name() === words[at])
    if (next === undefined) break
    command = next
  }
  const rest = words.slice(at)
  if (command.commands.length > 0 && command.registeredArguments.length === 0 && rest[0] !== undefined && /^[a-z-]+$/.test(rest[0]) && !rest[0].startsWith('-')) return `no command ${words.slice(0, at + 1).join(' ')}`
  // What follows `--` is another program's.
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  const missing = own.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/[=\])|,].*$/, '')).find((option) => !['--help', '--version'].includes(option) && !command.options.some(({ long }) => long === option))
  return missing === undefined ? null : `${command.name()} has no ${missing}`
}

/** The commands a text tells to type: in blocks for a shell and in code within a sentence. */
function commandsIn(text: string): string[] {
  const fence = /^```\w*\n(.*?)^```/gms
  const blocks = [...text.matchAll(fence)].flatMap(([, block]) => block!.split('\n'))
  const spans = [...text.replaceAll(fence, '').replaceAll('\\|', '|').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!)
  return [...blocks, ...spans].flatMap((line) => line.replace(/\s+#.*$/, '').split(/\||&&|;|>/)).flatMap((part) => /^\s*(?:sudo )?(?:npx )?(?:\.\/)?hardshell ([a-z].*)$/.exec(part)?.[1]?.trim() ?? [])
}

const documents = ['README.md', 'AGENTS.md', ...['docs', 'docs/reference'].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`))]

it.each(documents)('every command %s names is one', (name) => {
  const flaws = commandsIn(readFileSync(join(root, name), 'utf8')).flatMap((line) => flaw(line) === null ? [] : [`${line}: ${flaw(line)!}`])
  expect(flaws).toEqual([])
})

it('every command a check names for a person is one', () => {
  const named = checks.flatMap(({ id, manual }) => [...(manual ?? '').matchAll(/hardshell ([a-z][a-z-]*(?: [a-z-]+)?)/g)].map(([, line]) => ({ id, line: line! })))
  expect(named.length).toBeGreaterThan(5)
  const isCommand = (line: string): boolean => {
    const [first, second] = line.split(' ')
    const command = program.commands.find((one) => one.name() === first)
    return command !== undefined && (command.commands.length === 0 || command.registeredArguments.length > 0 || command.commands.some((one) => one.name() === second) || command.options.some(({ long }) => long === second))
  }
  expect(named.filter(({ line }) => !isCommand(line))).toEqual([])
})
