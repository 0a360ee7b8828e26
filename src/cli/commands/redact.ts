import { findSecrets, redactSecrets } from '../../content/index.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell redact`: a filter; with `--json` it lists what it found as `{type, start, end}` in UTF-16 offsets. */
export async function redact(options: { json?: unknown }, terminal: Terminal): Promise<number> {
  const text = await terminal.input()
  if (options.json === true) {
    terminal.out(JSON.stringify(findSecrets(text).map(({ type, start, end }) => ({ type, start, end }))))
    return 0
  }
  process.stdout.write(redactSecrets(text)) // byte for byte: no newline of our own
  return 0
}
