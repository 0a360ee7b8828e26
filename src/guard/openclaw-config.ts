import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeFileAtomic } from '../base/index.ts'
import { applyChanges, planOverlay, readJson5, type Change, type OverlayFacts } from '../openclaw/index.ts'
import type { UserId } from './gateway-user.ts'

/** What a fresh installation of OpenClaw amounts to: the least that lets its gateway run. */
const freshConfig = `// OpenClaw's configuration in Hardshell's private profile. Add channels and agents here; what Hardshell needs
// is put back at every start. The gateway's user can read this file, not write it.
{
}
`

/** The configuration after the overlay, and what the overlay changed. */
export interface Overlaid {
  before: string
  after: string
  changes: Change[]
}

/** Reads the file (or the fresh one) and plans the overlay; writes nothing. @throws HardshellError when it cannot be edited safely */
export function overlay(file: string, facts: OverlayFacts): Overlaid {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : freshConfig
  const changes = planOverlay(readJson5(before), facts)
  return { before, after: applyChanges(before, changes), changes }
}

/** Writes it so that the gateway's user can read and not change it; with a shared user, so that nobody else can. */
export async function writeConfig(file: string, text: string, user: UserId | null): Promise<void> {
  await writeFileAtomic(file, text, user ? { mode: 0o640, owner: { uid: 0, gid: user.gid } } : { mode: 0o600 })
}

/**
 * Watches one file for a change of its bytes, by polling: cheap, and immune to editors that rename. What is there when
 * `seen` is called was changed by us.
 */
export function watchConfig(file: string, onChange: () => void, everyMs = 2000): { seen(): void; stop(): void } {
  let known = fingerprint(file)
  const timer = setInterval(() => {
    const now = fingerprint(file)
    if (now === known) return
    known = now
    onChange()
  }, everyMs)
  timer.unref()
  return { seen: () => void (known = fingerprint(file)), stop: () => clearInterval(timer) }
}

function fingerprint(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return `${mtimeMs} ${size} ${ino} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
  } catch {
    return 'absent'
  }
}
