import { HardshellError, Secret } from '../../base/index.ts'
import type { RotationJournal, RotationRecord } from './record.ts'

/** A place that keeps one secret sealed. */
export interface SealedPlace {
  get(): Promise<Secret | null>
  put(secret: Secret): Promise<void>
}

/** Rotations under way as one sealed text: it holds keys in clear, so nobody but the guard may read it. */
export function createRotationJournal(place: SealedPlace): RotationJournal {
  const read = async (): Promise<RotationRecord[]> => {
    const text = (await place.get())?.reveal()
    return text === undefined ? [] : parse(text)
  }
  const write = async (records: readonly RotationRecord[]): Promise<void> => {
    const bare = records.map((record) => ({ ...record, old: record.old.reveal(), fresh: record.fresh?.reveal() ?? null }))
    await place.put(new Secret(JSON.stringify({ version: 1, records: bare })))
  }
  return {
    open: read,
    async save(record) {
      const others = (await read()).filter(({ id }) => id !== record.id)
      await write([...others, record])
    },
    async drop(id) {
      await write((await read()).filter((record) => record.id !== id))
    },
  }
}

function parse(text: string): RotationRecord[] {
  try {
    const file = JSON.parse(text) as { version: number; records: (RotationRecord & { old: string; fresh: string | null })[] }
    if (file.version !== 1) throw new TypeError('another version')
    return file.records.map((record) => ({
      ...record,
      old: new Secret(record.old),
      fresh: record.fresh === null ? null : new Secret(record.fresh),
    }))
  } catch {
    // The parser's own words would quote keys.
    throw new HardshellError('secrets.store-damaged', 'the record of rotations under way cannot be read', {
      hint: 'look at the keys of each provider by hand, then: hardshell secrets remove HARDSHELL_ROTATIONS',
    })
  }
}
