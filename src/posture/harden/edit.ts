import { isDeepStrictEqual } from 'node:util'
import { HardshellError, systemRandom } from '../../base/index.ts'
import { applyChanges, readJson5, valueAt } from '../../openclaw/index.ts'
import { lineIn, withLine, type Change } from '../change.ts'
import { withFreshSecrets } from '../fresh-secrets.ts'
import { withYaml, yamlHolds } from '../yaml-change.ts'

/**
 * The text of a file after one change; line ends stay as they are in it.
 * @throws HardshellError `posture.changed-meanwhile` when the place does not read as judged
 */
export function edited(text: string | null, change: Exclude<Change, { kind: 'command' | 'mode' | 'owner' }>, path: string): string | null {
  if (change.kind === 'file') {
    if (text !== change.from) throw changedMeanwhile(path)
    return change.to
  }
  // Editors of Windows leave them, and a mixed file is what some parsers refuse.
  const crlf = text !== null && /\r\n/.test(text) && !/[^\r]\n/.test(text) && !text.startsWith('\n')
  const plain = crlf ? text.replaceAll('\r\n', '\n') : text
  const after = change.kind === 'setting' ? set(plain, change, path) : change.kind === 'line' ? lined(plain, change, path) : yamled(plain, change, path)
  return crlf ? after.replaceAll('\n', '\r\n') : after
}

function set(text: string | null, change: Extract<Change, { kind: 'setting' }>, path: string): string {
  if (text === null) throw changedMeanwhile(path)
  const now = valueAt(readJson5(text), change.at)
  // An older spelling stands elsewhere in the file: the check read it there, and the place of today is empty.
  if (now !== undefined && !isDeepStrictEqual(now, change.from)) throw changedMeanwhile(path)
  return applyChanges(text, [change])
}

/** A change with a value of its own in every place that asks for a fresh secret. Once for a plan: what builds on it finds it again. */
export function decided(change: Change): Change {
  return change.kind === 'setting' ? { ...change, to: fresh(change.to) } : change
}

function fresh(to: unknown): unknown {
  if (typeof to !== 'object' || to === null) {
    const [made] = withFreshSecrets([{ kind: 'setting', at: [], from: undefined, to }], { random: systemRandom })
    return made?.kind === 'setting' ? made.to : to
  }
  return Array.isArray(to) ? to.map(fresh) : Object.fromEntries(Object.entries(to).map(([key, value]) => [key, fresh(value)]))
}

function lined(text: string | null, change: Extract<Change, { kind: 'line' }>, path: string): string {
  if (lineIn(text, change) !== change.from) throw changedMeanwhile(path)
  return withLine(text, change)
}

function yamled(text: string | null, change: Extract<Change, { kind: 'yaml' }>, path: string): string {
  if (!yamlHolds(text, change)) throw changedMeanwhile(path)
  return withYaml(text, change)
}

/** Somebody was faster. */
export function changedMeanwhile(path: string): HardshellError {
  return new HardshellError('posture.changed-meanwhile', `${path} does not read any more as it was judged`, { hint: 'hardshell harden' })
}
