import type { DatabaseSync } from 'node:sqlite'
import { Cron } from 'croner'
import type { Clock } from '../base/index.ts'

/** Something that happens by the clock. */
export interface ScheduledJob {
  name: string
  /** Five cron fields, UTC. */
  schedule: string
  run(): Promise<void>
}

export interface Scheduler {
  /** When each job runs next; `null`: never again. */
  next(): { name: string; at: number | null }[]
  /** Looks whether something is due; the timer does it every half minute. Resolves when what was due has ended. */
  tick(): Promise<void>
  /** Stops the timer and waits for what runs. */
  stop(): Promise<void>
}

export interface SchedulerPorts {
  clock: Clock
  /** With `migrations` applied. */
  db: DatabaseSync
  /** A job failed; the others go on. */
  onFailure(job: string, error: unknown): void
}

// Cron counts in minutes: looking twice in each misses none, and a laptop that slept is caught up on waking.
const everyMs = 30_000

/**
 * Runs jobs by their cron lines. A job never runs beside itself. What was due while nobody was there runs once, soon
 * after the start: a key that should have been rotated at night is rotated in the morning.
 */
export function createScheduler(jobs: readonly ScheduledJob[], ports: SchedulerPorts): Scheduler {
  const { clock, db } = ports
  const begun = db.prepare('SELECT begun_at FROM schedule_runs WHERE job = ?')
  const begin = db.prepare('INSERT INTO schedule_runs VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET begun_at = excluded.begun_at')
  const running = new Map<string, Promise<void>>()

  const lastBegin = ({ name }: ScheduledJob): number => {
    const row = begun.get(name) as { begun_at: number } | undefined
    if (row && row.begun_at <= clock.now()) return row.begun_at
    begin.run(name, Math.trunc(clock.now())) // new here, or the clock was set back: the schedule counts from now
    return clock.now()
  }
  const nextOf = (job: ScheduledJob): number | null => new Cron(job.schedule, { timezone: 'UTC', paused: true }).nextRun(new Date(lastBegin(job)))?.getTime() ?? null

  const runDue = async (job: ScheduledJob): Promise<void> => {
    try {
      const due = nextOf(job)
      if (due === null || due > clock.now()) return
      // Before it runs: one that kills the guard does not do so for ever. A full disk keeps it from running.
      begin.run(job.name, Math.trunc(clock.now()))
      await job.run()
    } catch (error) {
      ports.onFailure(job.name, error)
    }
  }
  const tick = async (): Promise<void> => {
    for (const job of jobs) {
      if (running.has(job.name)) continue
      running.set(job.name, runDue(job).finally(() => running.delete(job.name)))
    }
    await Promise.all(running.values())
  }
  for (const job of jobs) lastBegin(job)
  // What a tick can still reject with is `onFailure` itself: nobody is left to tell, and the guard must not end by it.
  const timer = setInterval(() => void tick().catch(() => undefined), everyMs)
  timer.unref()
  return {
    next: () => jobs.map((job) => ({ name: job.name, at: nextOf(job) })),
    tick,
    async stop() {
      clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}
