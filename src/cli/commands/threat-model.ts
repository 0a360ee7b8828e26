import { resolve } from 'node:path'
import { HardshellError, writeFileAtomic } from '../../base/index.ts'
import { safeJson, threatModelOf, threatModelSvg, threatModelText, type PathRisk } from '../../posture/index.ts'
import type { Style, Terminal } from '../terminal.ts'
import { fitted } from '../wrapped.ts'
import { lookAt } from './checklist.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

const styles: Readonly<Record<PathRisk, Style>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' }

/** `hardshell threat-model`: what can happen to this installation, on which way, and what stands there. */
export async function threatModel(options: Options, terminal: Terminal): Promise<number> {
  const { json, format = json === true ? 'json' : 'text', out } = options
  if (json === true && format !== 'json') throw new HardshellError('cli.usage', `--json and --format ${String(format)} ask for two formats`, { hint: 'name one of them' })
  const { gathered, judged, subject } = await lookAt(options, terminal)
  const missing = { known: false as const, why: 'was not gathered' }
  const facts = { config: gathered.config ?? missing, guardConfig: gathered.guardConfig ?? missing, proofs: gathered.proofs ?? missing, skillsInstalled: gathered.skillsInstalled ?? missing, pluginsInstalled: gathered.pluginsInstalled ?? missing, sockets: gathered.sockets ?? missing }
  const model = threatModelOf(facts, judged, subject.now)
  const paint = (risk: PathRisk, text: string): string => (out === undefined ? terminal.paint(styles[risk], text) : text)
  const text = format === 'json' ? safeJson({ ok: true, ...model }) : format === 'svg' ? threatModelSvg(model) : threatModelText(model, paint)
  if (typeof out !== 'string') terminal.out(format === 'text' ? fitted(text.trimEnd()) : text.trimEnd())
  else {
    const file = resolve(terminal.cwd, out)
    await writeFileAtomic(file, `${text.trimEnd()}\n`, { mode: 0o600 })
    terminal.err(`written to ${file}`)
  }
  return 0
}
