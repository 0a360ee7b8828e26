import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const isSource = import.meta.url.endsWith('.ts')
const task = fileURLToPath(new URL(`./state-copy-task${isSource ? '.ts' : '.js'}`, import.meta.url))

/**
 * Arguments for a Node that copies data as the user it belongs to: folder `from` to `to`, which is not there yet; or
 * puts a copy back. It prints what it did as JSON. Everything is copied with rights and times but sockets and devices;
 * databases by SQLite's own backup.
 */
export function stateCopyArguments(...words: readonly ['copy', string, string] | readonly ['put-back', string, string, string]): readonly string[] {
  return [`--input-type=${isSource ? 'module-typescript' : 'module'}`, '--disable-warning=ExperimentalWarning', '-e', readFileSync(task, 'utf8'), '--', ...words]
}
