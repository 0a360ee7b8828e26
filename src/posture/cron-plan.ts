import type { FileChange } from './change.ts'
import type { Flaw } from './check.ts'
import type { CronFacts } from './facts/cron.ts'

type Job = CronFacts['jobs'][number]

/** Flaws, or no answer where tables of users are hidden and nothing else was found. @throws Error */
export function answeredByTables({ hidden }: CronFacts, flaws: readonly Flaw[]): readonly Flaw[] {
  if (flaws.length === 0 && hidden !== null) throw new Error(`the tables of users are not readable: ${hidden}`)
  return flaws
}

/** These jobs made comments, so that whoever looks into it still sees what they were. */
export function switchedOff({ texts }: CronFacts, jobs: readonly Job[]): readonly FileChange[] {
  return [...new Set(jobs.map(({ path }) => path))].map((path) => {
    const lines = new Set(jobs.filter((job) => job.path === path).map(({ line }) => line))
    const to = texts[path]!.split('\n').map((text, index) => (lines.has(index + 1) ? `# switched off by hardshell: ${text}` : text)).join('\n')
    return { kind: 'file', path, from: texts[path]!, to }
  })
}
