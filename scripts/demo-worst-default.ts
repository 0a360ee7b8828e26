/**
 * The worst default of OpenClaw, tried twice: on an installation as it comes, where it works, and on one behind
 * Hardshell, where every step is refused and on record. Prints a transcript. `node scripts/demo-worst-default.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { becomeOperator, otherWaysToTheToken, readTheToken, tokenIn, withoutRestrictions, type Step } from '../tests/attacks/worst-default.ts'
import { startStockOpenClaw } from '../tests/attacks/stock-openclaw.ts'
import { chat } from '../tests/journeys/chat.ts'
import { ensureProven, newInstallation, removeInstallation, statusOf, type Installation } from '../tests/journeys/installation.ts'
import { isProbe, logLength, readLog } from '../tests/journeys/log.ts'
import { until } from '../tests/journeys/wait.ts'

type Style = 'bold' | 'dim' | 'red' | 'green'
const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout })
const print = (text = ''): void => void process.stdout.write(`${text}\n`)

const stops: (() => Promise<void>)[] = []
const stopAll = async (): Promise<void> => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
}
process.once('SIGINT', () => void stopAll().then(() => process.exit(130)))
try {
  // Both at once: each start takes a quarter of a minute or more.
  const guarded = startGuarded()
  guarded.catch(() => {}) // told below, when it is waited for
  await attackStock()
  await attackGuarded(await guarded)
} finally {
  await stopAll()
}

async function attackStock(): Promise<void> {
  const stock = await startStockOpenClaw()
  stops.push(() => stock.stop())
  print(paint('bold', 'OpenClaw as it comes'))
  const first = readTheToken(stock.configFile)
  const answer = await stock.chat(first.prompt)
  const token = tokenIn(answer)
  tell(first.title, masked(answer, token), token !== null)
  if (token === null) return
  const second = becomeOperator(process.execPath, stock.url, token)
  const operator = await stock.chat(second.prompt)
  tell(second.title, masked(operator, token), operator.includes('CHANGED'))
  await stock.stop() // leaves its share of the machine to the other
}

async function startGuarded(): Promise<Installation> {
  const installation = await newInstallation('demo')
  stops.push(() => removeInstallation(installation))
  await ensureProven(installation)
  return installation
}

async function attackGuarded(installation: Installation): Promise<void> {
  const configFile = join(installation.state, 'openclaw/config/openclaw.json')
  const steps = [readTheToken(configFile), ...otherWaysToTheToken(configFile)]
  print()
  print(paint('bold', 'The same OpenClaw behind Hardshell'))
  await attack(installation, steps)
  print()
  print(paint('bold', "Behind Hardshell, with every restriction of OpenClaw's own taken away"))
  writeFileSync(configFile, withoutRestrictions(readFileSync(configFile, 'utf8')))
  await until('the guard to notice', 20_000, async () => (await statusOf(installation))?.ok === false)
  await ensureProven(installation)
  await attack(installation, steps)
}

async function attack(installation: Installation, steps: readonly Step[]): Promise<void> {
  for (const { title, prompt } of steps) {
    const since = logLength(installation.log)
    const { text } = await chat(installation, prompt)
    tell(title, text, tokenIn(text) !== null)
    const denials = readLog(installation.log).filter((entry) => entry.seq >= since && entry.decision === 'deny' && entry.event_type === 'tool_call' && !isProbe(entry))
    for (const { seq, event_type, agent_id, tool, rule } of denials) print(paint('dim', `      audit log #${seq}: ${event_type} ${agent_id} ${tool} deny, rule ${rule}`))
  }
}

function tell(title: string, answer: string, worked: boolean): void {
  print(`  ${worked ? paint('red', 'works  ') : paint('green', 'refused')}  ${title}`)
  const words = answer.replace(/^TOOL_RESULT<<([\s\S]*)>>$/, '$1').trim()
  // A result that came through the wrapper is a document; what was refused and why is one line of it.
  const line = /Hardshell: [^"\n]*/.exec(words)?.[0].replaceAll('\\', '') ?? /"error": "([^"]*)/.exec(words)?.[1] ?? words
  for (const text of line.split('\n').slice(0, 4)) print(paint('dim', `      ${text.slice(0, 110)}`))
}

/** A demo that prints tokens teaches people to. */
function masked(text: string, token: string | null): string {
  return token === null ? text : text.replaceAll(token, `${token.slice(0, 4)}…`)
}
