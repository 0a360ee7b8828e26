import { styleText } from 'node:util'

/** Where results and talk go: results to stdout, talk to stderr, both replaceable. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** All of stdin. */
  input(): Promise<string>
  /** One answer of a person, or `null` where nobody can be asked. */
  ask(question: string): Promise<string | null>
  /** Colour, on a terminal only. */
  paint(style: Style, text: string): string
  env: NodeJS.ProcessEnv
  cwd: string
  /** How this command line is called here: `./hardshell` in a clone, `hardshell` where it is installed. */
  self: string
}

export type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim'

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    input: async () => {
      let text = ''
      for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk)
      return text
    },
    ask: async (question) => {
      if (!process.stdin.isTTY) return null
      const { createInterface } = await import('node:readline/promises')
      const line = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await line.question(question)
      } finally {
        line.close()
      }
    },
    // `validateStream` makes it honour NO_COLOR, FORCE_COLOR and a stdout that is not a terminal.
    paint: (style, text) => styleText(style, text, { stream: process.stdout }),
    env: process.env,
    cwd: process.cwd(),
    self: import.meta.url.endsWith('.ts') ? './hardshell' : 'hardshell',
  }
}

/** Names and words come from agents: what would steer the terminal or reorder the line is shown as a mark. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
}

/** A text whose commands can be pasted: `hardshell …` under the name this command line has here. */
export function asCalledHere(text: string, { self }: Pick<Terminal, 'self'>): string {
  return text.replaceAll(/(?<![\w./-])hardshell (?=[a-z-])/g, `${self} `)
}

/** Lines up columns by two spaces; widths without colour codes. */
export function columns(rows: readonly (readonly string[])[]): string {
  const plain = (cell: string): string => cell.replaceAll(/\u001b\[\d+m/g, '')
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, plain(cell).length)), [])
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - plain(cell).length))).join('  '))
    .join('\n')
}
