/**
 * Today this room only holds the types of its settings: they are read and checked, and nothing acts on them yet.
 * It is for what happens by the clock: key rotation, reports.
 */
import type { z } from 'zod'
import type { jobSettings } from './settings.ts'

/** `jobSettings`, read and with every default filled in. */
export type JobSettings = z.output<typeof jobSettings>
