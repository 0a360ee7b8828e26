import type { Check, Risk, Severity } from '../check.ts'
import { ExampleMachine } from '../example-machine.ts'
import type { Example } from '../example.ts'
import { gather } from '../gather.ts'
import { judge, planFor } from '../judge.ts'
import { changeLines } from './change-lines.ts'
import { plain } from './escape.ts'

/** All there is to say about a check. */
export interface Explanation {
  id: string
  title: string
  severity: Severity
  why: string
  source: string
  /** How it is mended. */
  fix: { risk: Risk; command: string } | { manual: string }
  /** Ids of OpenClaw's own audit that tell the same. */
  covers: readonly string[]
  /** A machine on which it fails, what is said of it there, and what mends it, as lines of a diff. */
  example: { name: string; given: readonly string[]; findings: readonly { at: string; saw: string; want: string }[]; diff: readonly string[] }
}

/** Why a check is asked, who says so, and its first failing example with the fix worked out on it by the real code. */
export async function explain(check: Check): Promise<Explanation> {
  const [name, example] = Object.entries(check.examples.fail)[0]!
  const gathered = await gather(new ExampleMachine(example).subject(), check.needs)
  const { findings } = judge([check], gathered)
  return {
    id: check.id,
    title: check.title,
    severity: check.severity,
    why: check.why,
    source: check.source,
    fix: check.fix === undefined ? { manual: check.manual! } : { risk: check.fix.risk, command: `hardshell harden --only ${check.id}` },
    covers: check.covers ?? [],
    example: {
      name,
      given: given(example),
      findings: findings.map(({ at, evidence, want }) => ({ at, saw: evidence, want })),
      diff: planFor(check, gathered).flatMap(changeLines),
    },
  }
}

// An example is a handful of lines; where it brings a whole file, its beginning tells what it is.
const shownLines = 6

function given({ config, configText, files, runs, env }: Example): string[] {
  const text = configText ?? (config === undefined ? null : JSON.stringify(config))
  const rows: [string, string][] = [
    ...(text === null ? [] : [['openclaw.json', text] as [string, string]]),
    ...Object.entries(files ?? {}).map(([path, file]): [string, string] => [path, typeof file === 'string' ? file : (file.text ?? `${file.kind ?? 'file'}${file.mode === undefined ? '' : ` of mode ${file.mode.toString(8).padStart(4, '0')}`}`)]),
    ...Object.entries(runs ?? {}).map(([command, ran]): [string, string] => [`$ ${command}`, typeof ran === 'string' ? ran : ran.out]),
    ...Object.entries(env ?? {}).map(([key, value]): [string, string] => [key, value]),
  ]
  return rows.flatMap(([place, body]) => [`${plain(place)}:`, ...beginning(body)])
}

function beginning(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const shown = lines.slice(0, shownLines).map((line) => `  ${plain(line)}`)
  return lines.length > shownLines ? [...shown, `  … ${lines.length - shownLines} lines more`] : shown
}
