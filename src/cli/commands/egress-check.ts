import { lookup } from 'node:dns/promises'
import { HardshellError } from '../../base/index.ts'
import { configDisk, findConfig, requireConfig } from '../../config/index.ts'
import { egressOptions } from '../../guard/egress.ts'
import { createCheck, type CheckOptions } from '../../proxy/egress/index.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | string[] | undefined>

/**
 * `hardshell egress check --jsonl`: one verdict for every line of stdin, by the decision of the proxy. Nothing is
 * sent, and no name is looked up unless `--resolve` says so. Exit 0 whatever the verdicts are: they are the answer.
 */
export async function egressCheck(options: Options, terminal: Terminal, input: NodeJS.ReadableStream = process.stdin): Promise<number> {
  if (options['jsonl'] !== true) throw new HardshellError('cli.usage', 'egress check reads lines of JSON', { hint: `echo '{"id":1,"method":"GET","url":"https://example.com/"}' | ${terminal.self} egress check --jsonl` })
  const check = createCheck(await checkOptions(options, terminal))
  for await (const line of linesOf(input)) terminal.out(JSON.stringify(await check(line)))
  return 0
}

/** Only a line feed ends a line: `node:readline` also cuts at U+2028, which may stand in a text of JSON. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of input.setEncoding('utf8')) {
    const lines = (rest + String(piece)).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== '') yield rest
}

async function checkOptions(options: Options, terminal: Terminal): Promise<CheckOptions> {
  const flag = typeof options['config'] === 'string' ? options['config'] : undefined
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  const { rules, allowPrivate } = egressOptions((await requireConfig(found?.directory ?? null)).config)
  const more = Array.isArray(options['allow']) ? options['allow'] : []
  return {
    rules: { ...rules, allowedHosts: [...rules.allowedHosts, ...more] },
    allowPrivate,
    allowAllPrivate: options['allowPrivate'] === true,
    ...(options['resolve'] === true && { resolve: async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address) }),
  }
}
