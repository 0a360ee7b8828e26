import { existsSync, readFileSync } from 'node:fs'
import { systemClock } from '../../base/index.ts'
import { armDeadMan, deadManCommand } from './dead-man.ts'
import { bootUndoIn, noBootUndo } from './boot-undo.ts'
import { recordsIn } from './record.ts'
import { handsFor } from './site.ts'
import type { UndoPorts } from './undo.ts'

/** What applying needs beside undoing. */
export interface HardenPorts extends UndoPorts {
  /** Who gives the command. */
  by: string
  /** A run's name. */
  newId(): string
  /** Has something that outlives us take the run back unless it is confirmed, over a restart too. Resolves when it stands ready. */
  armDeadMan(id: string): Promise<void>
}

/** The machine's own ports; runs are kept in `folder`. */
export function undoPortsFor(folder: string): UndoPorts {
  return {
    records: recordsIn(folder),
    clock: systemClock,
    handsFor,
    boot: process.geteuid?.() === 0 ? bootUndoIn('/etc') : noBootUndo,
    bootId: () => (existsSync(bootIdFile) ? readFileSync(bootIdFile, 'utf8').trim() : ''),
  }
}

const bootIdFile = '/proc/sys/kernel/random/boot_id'

export function hardenPortsFor(folder: string, more: Pick<HardenPorts, 'by' | 'newId'>): HardenPorts {
  const ports = undoPortsFor(folder)
  return {
    ...ports,
    ...more,
    armDeadMan: async (id) => {
      await ports.boot.write(deadManCommand(folder, id))
      await armDeadMan(folder, id)
    },
  }
}
