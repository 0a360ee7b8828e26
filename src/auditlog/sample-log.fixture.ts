import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock, type Clock } from '../base/index.ts'
import type { NewEntry } from './entry.ts'
import { openAuditLog, type AuditLog } from './open.ts'

/** A path for a log in a folder of its own, gone when the test is over. */
export async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hardshell-auditlog-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'audit', 'audit.log')
}

/** An entry as a guard would write it, told apart by its number. */
export function sample(number: number, more: Partial<NewEntry> = {}): NewEntry {
  const usual = { agent_id: 'daily_report', tool: 'web_search', input_summary: `query ${number}` }
  return { event_type: 'tool_call', ...usual, ...more }
}

export async function openSample(path: string, more: { rotateBytes?: number; clock?: Clock } = {}): Promise<AuditLog> {
  const log = await openAuditLog({ path, rotateBytes: more.rotateBytes }, { clock: more.clock ?? systemClock })
  onTestFinished(() => log.close())
  return log
}

/** A closed log of so many entries, each in a commit of its own. */
export async function writeSample(path: string, count: number, rotateBytes?: number): Promise<void> {
  const log = await openSample(path, { rotateBytes })
  for (let i = 0; i < count; i++) await log.append(sample(i))
  await log.close()
}

export async function linesIn(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').slice(0, -1)
}

export async function writeLines(path: string, lines: string[]): Promise<void> {
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
}
