import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '../base/index.ts'
import type { Confinement, IsolationMode } from './confinement.ts'
import type { IsolationPorts } from './ports.ts'
import type { Step } from './steps.ts'

/** What was applied, and everything that is needed to take it back. Lies in the guard's own folder. */
export interface IsolationRecord {
  /** `applying`: under way, or somebody died at it. `pending`: in force until its deadline. */
  state: 'applying' | 'pending' | 'confirmed'
  token: string
  mode: Exclude<IsolationMode, 'off'>
  confinement: Confinement
  /** The start of the machine it was applied in. */
  bootId: string
  /** Wall time, ms. */
  deadlineAt: number
  /** Our table as it was before this change, as nft prints it; `null`: there was none. */
  tableBefore: string | null
  /** The same before the first of the changes that led here: what undo returns to. */
  tableAtFirst: string | null
  /** What is no table, each with its way back. */
  steps: readonly Step[]
  /** Files written at the confirmation, with what they held before (`null`: they were not there). */
  files: readonly { path: string; before: string | null }[]
  /** A confirmed record this one replaces; it is what a roll-back returns to. */
  replaced: IsolationRecord | null
}

/** The record, or `null` when nothing was applied or a restart of the machine undid what was never confirmed. */
export function readIsolation(file: string, { bootId }: Pick<IsolationPorts, 'bootId'>): IsolationRecord | null {
  if (!existsSync(file)) return null
  const record = JSON.parse(readFileSync(file, 'utf8')) as IsolationRecord
  if (record.state === 'confirmed' || record.bootId === bootId()) return record
  return record.replaced
}

/** Must the gateway be started inside it? A change under way, or one whose time is over, is none. */
export function isInForce(record: IsolationRecord | null, { clock }: Pick<IsolationPorts, 'clock'>): boolean {
  if (record === null || record.state === 'applying') return false
  return record.state === 'confirmed' || clock.now() < record.deadlineAt
}

export async function writeRecord(file: string, record: IsolationRecord | null): Promise<void> {
  if (record === null) return await rm(file, { force: true })
  // On a machine whose guard was never started its folder is not there yet.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`)
}
