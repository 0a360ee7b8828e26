import { systemClock, systemRandom } from '../../base/index.ts'
import { references } from '../../config/index.ts'
import { takeInventory, type InventoryRow } from '../../secrets/index.ts'
import { openStores, type Options } from '../secret-stores.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

/** `hardshell secrets list`: every secret that is known by name, and how it is. Never a value. */
export async function list(options: Options, terminal: Terminal): Promise<number> {
  const stores = await openStores(options, terminal)
  try {
    const alsoNames = references(stores.loaded).map(({ name }) => name)
    const { scopes } = stores.loaded.config.secrets
    const rows = await takeInventory(stores, { alsoNames, scopes }, { random: systemRandom })
    if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, secrets: rows }))
    else if (rows.length === 0) terminal.err('no secret is known yet: hardshell secrets put NAME')
    else terminal.out(columns([['NAME', 'STORE', 'AGE', 'VERSION', 'LAST USED', 'STRENGTH', 'NOTES'], ...rows.map((row) => describe(row, terminal))]))
    return 0
  } finally {
    await stores.close()
  }
}

function describe(row: InventoryRow, { paint }: Terminal): string[] {
  const { strength } = row
  const judged = strength === null ? 'unknown' : strength.verdict === 'strong' ? paint('green', 'strong') : paint('red', strength.verdict)
  return [row.name, row.store ?? 'unknown', ago(row.createdAt), row.version ?? '-', ago(row.lastUsedAt), judged, visible(notesOf(row).join('; '))]
}

function notesOf({ strength, sameAs, scope, problem, place, store }: InventoryRow): string[] {
  return [
    ...(problem === null ? [] : [problem]),
    ...(strength?.why ? [strength.why] : []),
    ...(sameAs.length === 0 ? [] : [`same value as ${sameAs.join(', ')}`]),
    ...(scope?.agents ? [`agents ${scope.agents.join(', ')}`] : []),
    ...(scope?.skills ? [`skills ${scope.skills.join(', ')}`] : []),
    ...(place === null || store === 'local' ? [] : [place]),
  ]
}

/** `-`: nobody says. */
function ago(time: string | null): string {
  if (time === null) return '-'
  const minutes = Math.max(0, Math.floor((systemClock.now() - Date.parse(time)) / 60_000))
  if (minutes < 60) return `${minutes}m`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`
}
