/**
 * Today this room only holds the types of its settings: they are read and checked, and nothing acts on them yet.
 * It is for what wakes somebody up: rules over the audit log, and the channels an alert leaves by.
 */
import type { z } from 'zod'
import type { alertSettings } from './settings.ts'

/** `alertSettings`, read and with every default filled in. */
export type AlertSettings = z.output<typeof alertSettings>
