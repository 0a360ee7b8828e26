/**
 * The documents and schemas made from the program itself, so that they cannot say anything else than it does:
 * `npm run docs` writes them, a law refuses a tree in which they differ.
 */
import type { Command } from 'commander'
import { allErrors, exitCodes } from '../src/cli/exit-codes.ts'
import { buildProgram } from '../src/cli/program.ts'
import type { Terminal } from '../src/cli/terminal.ts'
import { generatedSchemas, settingsReference } from '../src/config/index.ts'
import { areaOf, checks } from '../src/posture/index.ts'

/** `path` is relative to the root of the repository. */
export interface Reference {
  path: string
  text: string
}

export function references(): Reference[] {
  return [
    { path: 'docs/reference/checks.md', text: page('Checks', checkReference()) },
    { path: 'docs/reference/cli.md', text: page('Command line', commandReference()) },
    { path: 'docs/reference/errors.md', text: page('Errors', errorReference()) },
    { path: 'docs/reference/exit-codes.md', text: page('Exit codes', exitCodeReference()) },
    { path: 'docs/reference/settings.md', text: page('Settings', settingsReference()) },
    ...generatedSchemas(),
  ]
}

function page(title: string, body: string): string {
  return `<!-- Made by npm run docs from the sources; edits here are lost. -->\n\n# ${title}\n\n${body.trimEnd()}\n`
}

function commandReference(): string {
  let said: string[] = []
  const terminal: Terminal = {
    out: (text) => void said.push(text),
    err: (text) => void said.push(text),
    input: () => Promise.resolve(''),
    ask: () => Promise.resolve(null),
    paint: (_, text) => text,
    env: {},
    cwd: '/', self: 'hardshell',
  }
  return commandsOf(buildProgram(terminal, () => {}))
    .map(({ name, command }) => {
      said = []
      command.configureHelp({ helpWidth: 100 }).outputHelp()
      return `## ${name}\n\n\`\`\`text\n${said.join('\n').trimEnd()}\n\`\`\`\n`
    })
    .join('\n')
}

function commandsOf(command: Command, parents: readonly string[] = []): { name: string; command: Command }[] {
  const words = [...parents, command.name()]
  return [{ name: words.join(' '), command }, ...command.commands.flatMap((child) => commandsOf(child, words))]
}

function errorReference(): string {
  const rows = Object.entries(allErrors).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const cells = rows.map(([code, { meaning, exit, http }]) => [`\`${code}\``, meaning, `${exit}`, `${http}`])
  return `The last two columns are what the command line exits with and what an HTTP client gets.

${table(['code', 'meaning', 'exit', 'HTTP'], cells)}`
}

function checkReference(): string {
  const fixable = checks.filter(({ fix }) => fix !== undefined).length
  const areas = [...new Set(checks.map(({ id }) => areaOf(id)))]
  const head = `What \`hardshell security audit\` asks: ${checks.length} checks, ${fixable} of them with a fix that \`hardshell harden\` can plan.
\`hardshell security explain ID\` shows a failing example and its fix. *Fix* says what it costs: \`safe\` breaks nothing,
\`restart\` interrupts something for a moment, \`lockout\` takes itself back unless it is confirmed; *by hand* is for a person.
*OpenClaw* lists the ids of its own audit that tell the same (\`*\` is one name).`
  const sections = areas.map((area) => {
    const own = checks.filter(({ id }) => areaOf(id) === area).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const rows = own.map(({ id, severity, title, why, fix, covers, source }) => [`<a id="${id}"></a>\`${id}\``, severity, `${title}: ${why}`, fix?.risk ?? 'by hand', (covers ?? []).map((one) => `\`${one}\``).join(', '), source])
    return `## ${area}\n\n${table(['check', 'severity', 'good state, and why', 'fix', 'OpenClaw', 'source'], rows)}`
  })
  return [head, ...sections].join('\n\n')
}

function exitCodeReference(): string {
  return table(['exit', 'meaning'], Object.entries(exitCodes).map(([code, meaning]) => [code, meaning]))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}
