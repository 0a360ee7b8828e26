import { placeKey } from './document.ts'
import type { LoadedConfig } from './load.ts'
import { dotted, type Problem } from './problem.ts'

/**
 * Jobs that name whom to tell, where nothing leads there. They load all the same, as the guides print them; whoever
 * relies on being told has to hear of it.
 */
export function undelivered({ config, places }: Pick<LoadedConfig, 'config' | 'places'>): Problem[] {
  return Object.entries(config.jobs).flatMap(([name, { notify }]) =>
    (['slack', 'email'] as const)
      .filter((kind) => notify?.[kind] !== undefined && config.notifications[kind] === undefined)
      .map((kind): Problem => {
        const path = ['jobs', name, 'notify', kind]
        const place = places.get(placeKey(path))
        const message = `nobody is told: there is no destination of that kind. Write notifications.${kind} into monitoring.yaml, then run: hardshell alerts test ${kind}`
        return { code: 'config.no-destination', file: place?.file ?? '', line: place?.valueLine ?? 1, column: place?.valueColumn ?? 1, key: dotted(path), message }
      }),
  )
}
