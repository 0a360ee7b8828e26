import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './command.ts'
import type { Installation } from './installation.ts'

/** Files of the whole state that contain one of the texts. They go in by a file, since arguments are for all to see. */
export async function filesWith({ root, state }: Installation, texts: readonly string[]): Promise<string[]> {
  const wanted = join(root, 'wanted.txt')
  writeFileSync(wanted, texts.join('\n'), { mode: 0o600 })
  const { status, out, err } = await runToEnd('grep', ['-rlaF', '-D', 'skip', '-f', wanted, state])
  // 2: a file could not be read, or went away meanwhile; what was found counts, and what could not be read is told.
  if (status !== 0 && status !== 1 && /^grep: (?!.*No such file)/m.test(err)) throw new Error(`not every file was read: ${err}`)
  return out.split('\n').filter(Boolean)
}
