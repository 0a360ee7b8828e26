import type { Random } from '../base/index.ts'
import type { Change } from './change.ts'
import { freshSecret } from './secret-reference.ts'

// 256 bits, 43 characters: OpenClaw's own generator takes 192.
const secretBytes = 32

/** A plan with a secret of its own in every place that asks for one. Made once, right before it is applied. */
export function withFreshSecrets(changes: readonly Change[], { random }: { random: Random }): Change[] {
  return changes.map((change) =>
    change.kind === 'setting' && change.to === freshSecret ? { ...change, to: Buffer.from(random.bytes(secretBytes)).toString('base64url') } : change,
  )
}
