/**
 * What happens by the clock: jobs of the settings, by cron lines in UTC. It promises that a job runs once when it is
 * due, never beside itself, and once afterwards when nobody was there.
 */
import type { z } from 'zod'
import type { jobSettings } from './settings.ts'

export { migrations } from './migrations.ts'
export { createScheduler, type ScheduledJob, type Scheduler, type SchedulerPorts } from './scheduler.ts'

/** `jobSettings`, read and with every default filled in. */
export type JobSettings = z.output<typeof jobSettings>
