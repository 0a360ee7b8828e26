import { readFile } from 'node:fs/promises'
import { writeFileAtomic, type Clock } from '../base/index.ts'

/** When each secret was handed out last, by name. */
export interface UsageRecord {
  note(name: string): void
  /** UTC, ISO 8601, by name; those of other processes as they were last written. */
  read(): Promise<ReadonlyMap<string, string>>
  /** Writes what is not written yet. Never throws: a record of uses is no reason to fail. */
  flush(): Promise<void>
}

// Once a minute is what an inventory needs; more would write the disk with every call of a model.
const flushAfterMs = 60_000

/** @param path `null`: nothing is recorded */
export function openUsage(path: string | null, { clock }: { clock: Clock }): UsageRecord {
  const fresh = new Map<string, string>()
  let timer: NodeJS.Timeout | null = null
  const flush = async (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    if (path === null || fresh.size === 0) return
    const batch = new Map(fresh)
    fresh.clear()
    const all = new Map([...(await readRecord(path)), ...batch])
    await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(all))}\n`).catch(() => undefined)
  }
  return {
    note(name) {
      if (path === null) return
      fresh.set(name.toUpperCase(), new Date(clock.now()).toISOString())
      timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
    },
    read: async () => new Map([...(path === null ? [] : await readRecord(path)), ...fresh]),
    flush,
  }
}

/** A record that is damaged or not there is an empty one. */
async function readRecord(path: string): Promise<Map<string, string>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
    return new Map(entries.filter((entry): entry is [string, string] => isTime(entry[1])))
  } catch {
    return new Map()
  }
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}
