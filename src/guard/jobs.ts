import type { DatabaseSync } from 'node:sqlite'
import type { AuditSink } from '../auditlog/index.ts'
import { messageOf, systemClock } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { createScheduler, type ScheduledJob, type Scheduler } from '../schedule/index.ts'
import type { Rotations } from './rotation.ts'

/** Who the log says it was. */
const by = 'system/cron'

/** Runs the jobs of the settings that can be run: so far those that rotate secrets. */
export function startJobs(jobs: Config['jobs'], { db, log, rotations }: { db: DatabaseSync; log: AuditSink; rotations: Rotations }): Scheduler {
  const due: ScheduledJob[] = Object.entries(jobs)
    .filter(([, { action }]) => action === 'rotate_secrets')
    .map(([name, { schedule, secrets }]) => ({ name, schedule, run: async () => await rotateSecrets(name, secrets, { log, rotations }) }))
  const onFailure = (job: string, error: unknown): void => {
    const reason = `job ${job} failed: ${messageOf(error)}`
    // Two entries: the one for whoever hears of alerts, the other for whom the job names.
    const ended = { event_type: 'job_execution', severity: 'high', user: by, result_summary: `failed: ${messageOf(error)}`, detail: { job } } as const
    void log.append({ event_type: 'alert', severity: 'high', rule: 'schedule.job-failed', user: by, reason }).catch(() => undefined)
    void log.append(ended).catch(() => undefined)
  }
  return createScheduler(due, { clock: systemClock, db, onFailure })
}

async function rotateSecrets(job: string, secrets: readonly string[], { log, rotations }: { log: AuditSink; rotations: Rotations }): Promise<void> {
  const outcomes = await rotations.rotate(secrets.map((name) => name.toUpperCase()), by, null)
  for (const { name, state, detail } of outcomes) {
    await log.append({ event_type: 'job_execution', severity: state === 'rotated' ? 'info' : 'high', user: by, target: `secret ${name}`, result_summary: `${state}: ${detail}`, detail: { job } })
    if (state === 'rotated') continue
    await log.append({ event_type: 'alert', severity: 'high', rule: 'secrets.rotation-needs-you', user: by, target: `secret ${name}`, reason: `${state}: ${detail}` })
  }
}
