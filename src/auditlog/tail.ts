import type { Entry } from './entry.ts'
import { searchLog } from './search.ts'

/**
 * The last entries, oldest first. Reads no more of the log than they take.
 * @param path the active file; a log that does not exist has no entries
 * @throws HardshellError `auditlog.chain-broken` when one of them is unreadable
 */
export async function tailEntries(path: string, count: number): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of searchLog({ path }, { limit: count, newestFirst: true })) entries.push(entry)
  return entries.reverse()
}
