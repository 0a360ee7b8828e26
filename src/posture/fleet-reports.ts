import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HardshellError, messageOf } from '../base/index.ts'
import { askAll } from './ask-all.ts'
import { fleetReport, type FleetReport } from './fleet.ts'

/** What was collected below a folder. */
export interface CollectedReports {
  reports: readonly FleetReport[]
  /** Files that are no report, or cannot be read: whoever sent them is not seen. */
  unusable: readonly { file: string; why: string }[]
}

// Forty installations with a report a day for half a year.
const maxFiles = 10_000
// A report of a thousand findings has 1 MB.
const maxBytes = 16 * 1024 * 1024

/**
 * Reads the reports of many installations: `FOLDER/NAME/ANYTHING.json`, or `FOLDER/NAME.json`, where a date behind the name
 * does not belong to it. Links are not followed.
 * @throws HardshellError `posture.missing`, `posture.unreadable`
 */
export async function collectReports(folder: string, nowMs: number): Promise<CollectedReports> {
  const byName = new Map<string, readonly FleetReport[]>()
  const unusable: { file: string; why: string }[] = []
  await askAll(await filesIn(folder), async ({ name, path }) => {
    const report = await readOne(path, name, nowMs)
    if (typeof report === 'string') unusable.push({ file: path, why: report })
    else byName.set(name, withReport(byName.get(name) ?? [], report))
  })
  return { reports: [...byName.values()].flat(), unusable: unusable.toSorted((a, b) => a.file.localeCompare(b.file)) }
}

/** Newest first. Findings are compared between the two newest only: kept of all reports of half a year they would fill the memory. */
function withReport(own: readonly FleetReport[], report: FleetReport): readonly FleetReport[] {
  const all = [...own, report].sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
  return all.map((one, i) => (i < 2 || one.findings.length === 0 ? one : { ...one, findings: [] }))
}

async function filesIn(folder: string): Promise<{ name: string; path: string }[]> {
  const files: { name: string; path: string }[] = []
  for (const entry of await entriesIn(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) files.push(...(await entriesIn(path)).filter(isReport).map((one) => ({ name: entry.name, path: join(path, one.name) })))
    else if (isReport(entry)) files.push({ name: nameOf(entry.name), path })
  }
  if (files.length <= maxFiles) return files.toSorted((a, b) => a.path.localeCompare(b.path))
  throw new HardshellError('posture.unreadable', `${folder} holds ${files.length} reports, more than ${maxFiles}`, { hint: 'keep the newest of each installation' })
}

async function entriesIn(folder: string): Promise<{ name: string; isDirectory(): boolean; isFile(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    const isThere = await stat(folder).then(() => true, () => false)
    const hint = 'a folder with reports of `security audit --json`, one for each installation, or folders of them'
    throw new HardshellError(isThere ? 'posture.unreadable' : 'posture.missing', `${folder}: ${messageOf(cause)}`, { hint, cause })
  }
}

function isReport(entry: { name: string; isFile(): boolean }): boolean {
  return entry.isFile() && entry.name.endsWith('.json')
}

/** `web-1-2026-11-22T03.json` is of `web-1`. */
function nameOf(file: string): string {
  const name = basename(file, '.json')
  return name.replace(/[-_.]\d{4}-?\d{2}-?\d{2}(?:[T_-][0-9:.-]*Z?)?$/, '') || name
}

async function readOne(path: string, name: string, nowMs: number): Promise<FleetReport | string> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      if ((await handle.stat()).size > maxBytes) return `it is larger than ${maxBytes} bytes`
      return fleetReport(await handle.readFile('utf8'), name, nowMs)
    } finally {
      await handle.close()
    }
  } catch (error) {
    return messageOf(error)
  }
}
