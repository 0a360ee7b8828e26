import { openStores, type Options } from '../secret-stores.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

/** `hardshell secrets status`: asks every store whether it answers and lets us in; exit 1 when one does not. */
export async function status(options: Options, terminal: Terminal): Promise<number> {
  const stores = await openStores(options, terminal)
  try {
    const rows = await Promise.all(stores.stores.map(async (store) => ({ store: store.kind, ...(await store.health()) })))
    const ok = rows.every((row) => row.ok)
    if (options['json'] === true) terminal.out(JSON.stringify({ ok, stores: rows }))
    else terminal.out(columns(rows.map((row) => [row.ok ? terminal.paint('green', 'ok') : terminal.paint('red', 'bad'), row.store, visible(row.detail)])))
    return ok ? 0 : 1
  } finally {
    await stores.close()
  }
}
