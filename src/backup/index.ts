/**
 * Today this room only holds the types of its settings: they are read and checked, and nothing acts on them yet.
 * It is for copies of configuration, agents and log, and proving that they restore.
 */
import type { z } from 'zod'
import type { backupSettings } from './settings.ts'

/** `backupSettings`, read and with every default filled in. */
export type BackupSettings = z.output<typeof backupSettings>
