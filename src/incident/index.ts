/**
 * What to do when it happened: contacts, playbooks, containment. Contacts and playbooks are settings so far, read and
 * checked, and nothing acts on them yet. `lockdown` shuts the network of the machine in both directions, except for
 * whoever stands at it or comes in over SSH from where the command was given.
 *
 * Promises: it opens by itself when nobody confirms it, whatever has died, for the kernel holds the time; nothing but
 * our own table is touched; lifting leaves nothing behind.
 */
import type { z } from 'zod'
import type { contactSettings, playbookSettings } from './settings.ts'

export { incidentErrors } from './errors.ts'
export { keepFor, type Keep } from './lockdown/keep.ts'
export { closeNetwork, keepClosed, openNetwork, readLockdown, type Lockdown, type LockdownPorts } from './lockdown/lockdown.ts'
export { lockdownRules } from './lockdown/rules.ts'

/** `contactSettings`, read and with every default filled in. */
export type ContactSettings = z.output<typeof contactSettings>
/** `playbookSettings`, read and with every default filled in. */
export type PlaybookSettings = z.output<typeof playbookSettings>
