import { placeKey } from './document.ts'
import type { LoadedConfig } from './load.ts'
import { dotted, type Problem } from './problem.ts'
import type { Config } from './sections.ts'

/** Somebody a job names, where nothing leads. */
export interface Unreached {
  job: string
  kind: 'slack' | 'email'
  /** Channel or address, as it stands there. */
  to: string
}

/** Whom jobs name and no destination leads to. Pure. */
export function unreachedBy({ jobs, notifications }: Pick<Config, 'jobs' | 'notifications'>): Unreached[] {
  return Object.entries(jobs).flatMap(([job, { notify }]) =>
    (['slack', 'email'] as const).flatMap((kind) => {
      const to = notify?.[kind]
      return to === undefined || notifications[kind] !== undefined ? [] : [{ job, kind, to }]
    }),
  )
}

/** The same as mistakes. They load all the same, as the guides print them; whoever relies on being told has to hear of it. */
export function undelivered({ config, places }: Pick<LoadedConfig, 'config' | 'places'>): Problem[] {
  return unreachedBy(config).map(({ job, kind }) => {
    const path = ['jobs', job, 'notify', kind]
    const place = places.get(placeKey(path))
    const message = `nobody is told: there is no destination of that kind. Write notifications.${kind} into monitoring.yaml, then run: hardshell alerts test ${kind}`
    return { code: 'config.no-destination', file: place?.file ?? '', line: place?.valueLine ?? 1, column: place?.valueColumn ?? 1, key: dotted(path), message }
  })
}
