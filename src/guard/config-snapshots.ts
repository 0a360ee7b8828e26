import { join } from 'node:path'
import type { AuditLog } from '../auditlog/index.ts'
import { keepSnapshot, type Cause, type ConfigPaths, type Kept } from '../backup/index.ts'
import { messageOf, systemClock } from '../base/index.ts'
import { configFileNames } from '../config/index.ts'
import type { StatePaths } from './paths.ts'

/** Whose configuration is kept, and where. */
export interface SnapshotPlace {
  paths: Pick<StatePaths, 'snapshots'>
  /** OpenClaw's. */
  configFile: string
  /** Folder of our own YAML files; `null`: there is none. */
  settings: string | null
  /** `backup.snapshots.keep` */
  keep: number
}

/** Why one is kept, and who changed something. */
export interface Occasion {
  why: string
  by: string
  cause: Cause
  spare?: readonly string[]
}

/** Every file a snapshot of this installation holds. */
export function configPaths({ configFile, settings }: Pick<SnapshotPlace, 'configFile' | 'settings'>): ConfigPaths {
  return { openclaw: [configFile], guard: settings === null ? [] : configFileNames.map((name) => join(settings, name)) }
}

/** Keeps the configuration as it is. @throws HardshellError of the room `backup` */
export async function keepConfig(place: SnapshotPlace, occasion: Occasion): Promise<Kept> {
  return await keepSnapshot(place.paths.snapshots, { ...occasion, paths: configPaths(place), keep: place.keep }, { clock: systemClock })
}

/**
 * The same for a guard at work, with a line in its log: whoever changes a snapshot later would have to change that too.
 * What cannot be kept is told and holds nothing up: a guard that is down protects nobody.
 */
export async function recordConfig(place: SnapshotPlace, occasion: Occasion, log: Pick<AuditLog, 'append'>): Promise<void> {
  try {
    const { snapshot, isNew, sha256 } = await keepConfig(place, occasion)
    if (isNew) await log.append({ event_type: 'config_change', rule: 'backup.snapshot', user: occasion.by, target: `snapshot ${snapshot.id}`, reason: occasion.why, detail: { sha256 } })
  } catch (error) {
    await log.append({ event_type: 'alert', severity: 'warning', rule: 'backup.snapshot', reason: `the configuration could not be kept: ${messageOf(error)}` }).catch(() => undefined)
  }
}
