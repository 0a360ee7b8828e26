import { posix } from 'node:path'
import { HardshellError } from '../base/index.ts'

/** What a person vouches for because no machine can see it. */
export interface Attestation {
  /** Item of the checklist, or a check that asks for one. */
  item: string
  by: string
  note: string
  /** UTC, ISO 8601. */
  at: string
  /** After it the item is open again. */
  expires: string
  revoked?: { by: string; at: string }
}

/** Where they lie in the state of a guard, or of a guard to come. */
export function attestationsPath(stateDir: string): string {
  return posix.join(stateDir, 'guard', 'attestations.json')
}

/** @throws Error when the file is not what `written` makes: an attestation that cannot be read is not there */
export function readAttestations(text: string | null): Attestation[] {
  if (text === null) return []
  const value: unknown = JSON.parse(text)
  const list = (value as { attestations?: unknown } | null)?.attestations
  if (!Array.isArray(list) || !list.every(isAttestation)) throw new Error('attestations.json is damaged')
  return list
}

export function writtenAttestations(list: readonly Attestation[]): string {
  return `${JSON.stringify({ version: 1, attestations: list }, null, 2)}\n`
}

export interface NewAttestation {
  item: string
  by: string
  note: string
  /** milliseconds it holds */
  holdsMs: number
}

// The guides review everything once a year at the least; whoever vouches for longer has forgotten by then.
const maxHoldsMs = 366 * 86_400_000
const maxTextLength = 500

/** The list with one more. @throws HardshellError `posture.bad-attestation` */
export function attest(list: readonly Attestation[], { item, by, note, holdsMs }: NewAttestation, now: number): Attestation[] {
  for (const [name, text] of [['item', item], ['by', by], ['note', note]] as const) requireText(name, text)
  if (!(holdsMs > 0 && holdsMs <= maxHoldsMs)) throw new HardshellError('posture.bad-attestation', 'an attestation holds for a year at most', { hint: '--expires 90d' })
  return [...list, { item, by, note, at: new Date(now).toISOString(), expires: new Date(now + holdsMs).toISOString() }]
}

/** The list with every attestation of an item taken back; the record of it stays. @throws HardshellError `posture.bad-attestation` when none is in force */
export function revoke(list: readonly Attestation[], { item, by }: { item: string; by: string }, now: number): Attestation[] {
  requireText('by', by)
  const holds = (each: Attestation): boolean => each.item === item && each.revoked === undefined
  if (!list.some(holds)) throw new HardshellError('posture.bad-attestation', `nobody vouches for ${item}`, { hint: 'hardshell checklist attestations' })
  return list.map((each) => (holds(each) ? { ...each, revoked: { by, at: new Date(now).toISOString() } } : each))
}

/** The newest that was not taken back, expired or not. */
export function attestationOf(list: readonly Attestation[], item: string): Attestation | null {
  return list.findLast((each) => each.item === item && each.revoked === undefined) ?? null
}

export function isInForce({ expires, revoked }: Attestation, now: number): boolean {
  return revoked === undefined && now < Date.parse(expires)
}

function requireText(name: string, text: string): void {
  // Shown on terminals, in Markdown and in spreadsheets: what steers any of them is no name.
  if (text.trim() === '' || text.length > maxTextLength || /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)) {
    throw new HardshellError('posture.bad-attestation', `${name} has to be 1 to ${maxTextLength} characters without control characters`)
  }
}

function isAttestation(value: unknown): value is Attestation {
  const fields = value as Record<string, unknown> | null
  const isText = (key: string): boolean => typeof fields?.[key] === 'string'
  return typeof value === 'object' && ['item', 'by', 'note', 'at', 'expires'].every(isText) && !Number.isNaN(Date.parse(String(fields?.['expires'])))
}
