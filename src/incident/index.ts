/**
 * Today this room only holds the types of its settings: they are read and checked, and nothing acts on them yet.
 * It is for what to do when it happened: contacts, playbooks, containment.
 */
import type { z } from 'zod'
import type { contactSettings, playbookSettings } from './settings.ts'

/** `contactSettings`, read and with every default filled in. */
export type ContactSettings = z.output<typeof contactSettings>
/** `playbookSettings`, read and with every default filled in. */
export type PlaybookSettings = z.output<typeof playbookSettings>
