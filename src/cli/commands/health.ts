import { askGuard, type Status } from '../../control/index.ts'
import { messageOf } from '../../base/index.ts'
import { verifyCredentials, type CredentialHealth } from '../../guard/credentials.ts'
import { pathsFor } from '../guard-access.ts'
import { openStores } from '../secret-stores.ts'
import { columns, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

interface Part {
  part: string
  ok: boolean
  detail: string
}

/** `hardshell health check`: exit 0 when all is well, 1 when something is not. */
export async function healthCheck(options: Options, terminal: Terminal): Promise<number> {
  const parts = await guardParts(options, terminal)
  if (options['verifyCredentials'] === true) parts.push(...(await credentialParts(options, terminal)))
  const ok = parts.every((part) => part.ok)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok, parts }))
  else terminal.out(columns(parts.map((p) => [p.ok ? terminal.paint('green', 'ok') : terminal.paint('red', 'bad'), p.part, p.detail])))
  return ok ? 0 : 1
}

async function guardParts(options: Options, terminal: Terminal): Promise<Part[]> {
  try {
    const status = (await askGuard(pathsFor(options, terminal).control, 'status')) as Status
    return [
      { part: 'guard', ok: true, detail: `running since ${status.startedAt}` },
      { part: 'gateway', ok: status.gateway.state === 'ready', detail: `${status.gateway.version} ${status.gateway.state}` },
      ...status.surfaces.map(({ id, ok, detail }) => ({ part: id, ok, detail })),
    ]
  } catch (error) {
    return [{ part: 'guard', ok: false, detail: messageOf(error) }]
  }
}

async function credentialParts(options: Options, terminal: Terminal): Promise<Part[]> {
  const stores = await openStores(options, terminal)
  const results = await verifyCredentials(stores.loaded.config, { find: (name) => stores.get(name), tls: stores.tls })
  await stores.close()
  if (results.length === 0) return [{ part: 'credentials', ok: true, detail: 'no provider key is configured' }]
  return results.map(({ name, ok, detail }: CredentialHealth) => ({ part: `credential ${name}`, ok, detail }))
}
