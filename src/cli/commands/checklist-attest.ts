import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HardshellError, isNodeError, messageOf, nearest, parseDuration, systemClock, takeFileLock, writeFileAtomic } from '../../base/index.ts'
import { attest, attestationsPath, findItem, isInForce, items, plain, readAttestations, revoke, safeJson, writtenAttestations, type Attestation } from '../../posture/index.ts'
import { logPathFor, operatorName, pathsFor } from '../guard-access.ts'
import { recordChange } from '../record-change.ts'
import { columns, type Terminal } from '../terminal.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

/** `hardshell checklist attest ITEM`: a person vouches for what no machine sees. */
export async function attestItem(item: string, options: Options, terminal: Terminal): Promise<number> {
  requireItem(item)
  const holdsMs = parseDuration(String(options['expires'] ?? '90d'))
  if (holdsMs === null) throw new HardshellError('cli.usage', `--expires ${String(options['expires'])} is not a duration`, { hint: '--expires 90d' })
  const [by, note] = [String(options['by'] ?? ''), String(options['note'] ?? '')]
  const list = await changed(options, terminal, (before) => attest(before, { item, by, note, holdsMs }, systemClock.now()))
  const made = list.at(-1)!
  terminal.out(options['json'] === true ? safeJson({ ok: true, attestation: made }) : `${made.by} vouches for ${made.item} until ${made.expires.slice(0, 10)}`)
  await record({ rule: 'checklist.attested', target: item, result: `${by} vouches until ${made.expires}: ${note}` }, options, terminal)
  return 0
}

/** `hardshell checklist revoke ITEM`: takes it back; that it was said stays on record. */
export async function revokeItem(item: string, options: Options, terminal: Terminal): Promise<number> {
  const by = String(options['by'] ?? operatorName(terminal.env))
  await changed(options, terminal, (before) => revoke(before, { item, by }, systemClock.now()))
  terminal.out(options['json'] === true ? safeJson({ ok: true, item }) : `nobody vouches for ${plain(item)} any more`)
  await record({ rule: 'checklist.revoked', target: item, result: `taken back by ${by}` }, options, terminal)
  return 0
}

/** `hardshell checklist attestations`: who vouches for what, and until when. */
export async function listAttestations(options: Options, terminal: Terminal): Promise<number> {
  const list = await attestationsIn(options, terminal)
  const now = systemClock.now()
  if (options['json'] === true) terminal.out(safeJson({ ok: true, attestations: list.map((each) => ({ ...each, inForce: isInForce(each, now) })) }))
  else if (list.length === 0) terminal.err('nobody vouches for anything yet: hardshell checklist attest ITEM --by NAME --note TEXT')
  else terminal.out(columns([['ITEM', 'BY', 'UNTIL', 'STATE', 'NOTE'], ...list.map((each) => [each.item, each.by, each.expires.slice(0, 10), forceOf(each, now), each.note].map(plain))]))
  return 0
}

/** Every attestation of this installation, those taken back included. @throws HardshellError `posture.unreadable` */
export async function attestationsIn(options: Options, terminal: Terminal): Promise<Attestation[]> {
  const path = attestationsPath(pathsFor(stateOf(options), terminal).root)
  try {
    return readAttestations(await readFile(path, 'utf8'))
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return []
    throw new HardshellError('posture.unreadable', `cannot read ${path}: ${messageOf(error)}`, { hint: `ls -l ${path}`, cause: error })
  }
}

/** Reads, changes and writes under a lock, so that two people at the same time lose nothing. */
async function changed(options: Options, terminal: Terminal, change: (before: readonly Attestation[]) => Attestation[]): Promise<Attestation[]> {
  const path = attestationsPath(pathsFor(stateOf(options), terminal).root)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const taken = await takeFileLock(`${path}.lock`, 0o600)
  if ('holder' in taken) throw new HardshellError('posture.unreadable', `process ${taken.holder.pid} is writing ${path}`, { hint: 'try again' })
  try {
    const list = change(await attestationsIn(options, terminal))
    await writeFileAtomic(path, writtenAttestations(list))
    return list
  } finally {
    await taken.lock.release()
  }
}

/** In the audit log where there is one; an attestation alone is no reason to begin one. */
async function record(change: { rule: string; target: string; result: string }, options: Options, terminal: Terminal): Promise<void> {
  if (existsSync(logPathFor(stateOf(options), terminal))) await recordChange(change, stateOf(options), terminal)
}

/** The check that asks for one names the provider behind its id. */
const ofProvider = /^providers\.spending-limit-attested\/[\w.-]{1,64}$/

function requireItem(item: string): void {
  if (findItem(item) !== null || ofProvider.test(item)) return
  const near = nearest(item, items.map(({ id }) => id))
  throw new HardshellError('posture.bad-attestation', `there is no item ${plain(item)}${near === null ? '' : `: did you mean ${near}?`}`, { hint: 'hardshell checklist --format csv lists them' })
}

function forceOf(each: Attestation, now: number): string {
  if (each.revoked !== undefined) return `taken back by ${each.revoked.by}`
  return isInForce(each, now) ? 'in force' : 'ended'
}

function stateOf(options: Options): { state?: string } {
  return typeof options['state'] === 'string' ? { state: options['state'] } : {}
}
