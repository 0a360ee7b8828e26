import { HardshellError, isRecord } from '../base/index.ts'
import { mustRun, type RunProgram } from './processes.ts'

/** One table of the kernel's packet filter. */
export interface TableName {
  family: 'inet'
  name: string
}

/** A counter of a table. */
export interface Counted {
  name: string
  packets: number
  bytes: number
}

/** nftables, as far as we use it: whole files in one transaction, and only tables that are named. */
export interface Nftables {
  /** Would the kernel take this file? Changes nothing. @returns what it says against it, or `null` */
  check(ruleset: string): Promise<string | null>
  /** Loads the whole file in one transaction, or nothing of it. @throws HardshellError `host.command-failed` */
  load(ruleset: string): Promise<void>
  /** The table as `nft -f` would load it again, without counts; `null` when there is none. */
  table(table: TableName): Promise<string | null>
  counters(table: TableName): Promise<Counted[]>
  /** What a set holds now, networks as `ADDRESS/BITS`, ranges left out; elements whose time is over are not among them. */
  members(table: TableName, set: string): Promise<Member[]>
}

/** One element of a set. */
export interface Member {
  value: string
  /** Seconds until it leaves the set; `null`: it stays. */
  leftS: number | null
}

export function createNftables(run: RunProgram): Nftables {
  const nft = async (args: readonly string[], input?: string): Promise<string> => await mustRun(run, ['nft', ...args], input === undefined ? {} : { input })
  return {
    async check(ruleset) {
      const { status, out, err } = await run(['nft', '-c', '-f', '-'], { input: ruleset })
      return status === 0 ? null : explain((err || out).trim())
    },
    load: async (ruleset) => void (await nft(['-f', '-'], ruleset)),
    async table({ family, name }) {
      const { status, out, err } = await run(['nft', '-s', 'list', 'table', family, name])
      if (status === 0) return out
      if (/No such file or directory|does not exist/.test(err)) return null
      throw new HardshellError('host.command-failed', `nft list table ${family} ${name} ended with ${status}: ${explain(err.trim())}`, {
        hint: 'run as root: sudo',
      })
    },
    async counters({ family, name }) {
      const items = objects(await nft(['-j', 'list', 'counters', 'table', family, name]))
      return items.flatMap(({ counter }) => (isCounter(counter) ? [{ name: counter.name, packets: counter.packets, bytes: counter.bytes }] : []))
    },
    async members({ family, name }, set) {
      const items = objects(await nft(['-j', 'list', 'set', family, name, set]))
      const found = items.map(({ set: one }) => one as { elem?: unknown[] } | undefined).find((one) => one !== undefined)
      return (found?.elem ?? []).flatMap(memberOf)
    },
  }
}

function objects(json: string): Record<string, unknown>[] {
  return (JSON.parse(json) as { nftables: Record<string, unknown>[] }).nftables
}

function isCounter(item: unknown): item is Counted {
  return typeof item === 'object' && item !== null && 'packets' in item
}

// An element is its value, or `{elem: {val, timeout, expires}}` where it has a time.
function memberOf(element: unknown): Member[] {
  const timed = isRecord(element) && isRecord(element['elem']) ? element['elem'] : { val: element }
  const { val, expires } = timed as { val: unknown; expires?: unknown }
  const leftS = typeof expires === 'number' ? expires : null
  if (!isRecord(val)) return [{ value: String(val), leftS }]
  return isRecord(val['prefix']) ? [{ value: `${String(val['prefix']['addr'])}/${String(val['prefix']['len'])}`, leftS }] : []
}

// The kernel answers "No such file or directory" for a feature it was built without, which helps nobody.
function explain(text: string): string {
  if (/Operation not permitted/.test(text)) return `${text} (only root may ask the packet filter)`
  if (/Protocol not supported|Could not process rule: No such file or directory/.test(text)) return `${text} (the kernel lacks this feature of nftables)`
  return text
}
