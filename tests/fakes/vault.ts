// long: one server with all the parts of Vault's API that the store speaks
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * As much of a Vault as the store needs, on this machine: written from HashiCorp's public API documentation (auth
 * methods token, approle, kubernetes and aws; KV version 2; engines `database` and `aws`; leases; health), not from the server, which cannot be
 * installed here.
 */
export interface FakeVault {
  address: string
  /** A token that may do everything. */
  rootToken: string
  /** Every request as it came. */
  seen: SeenByVault[]
  /** What it does next. */
  behave(mode: 'as-usual' | 'hang' | 'sealed' | 'nonsense' | 'redirect' | 'too-much'): void
  /** Forbids a path below `/v1/`, or allows it again. */
  forbid(path: string, forbidden?: boolean): void
  /** Writes a version of a secret, past all rules. */
  write(path: string, fields: Record<string, string>): void
  /** Ids of the leases that are alive. */
  leases(): string[]
  /** Ends every token but the first, and what was made under them. */
  revokeTokens(): void
  /** Seconds that tokens from a login live from now on. */
  tokenSeconds: number
  /** Nobody listens at its address any more, until it is back with everything it had. */
  away(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}

export interface SeenByVault {
  method: string
  path: string
  token: string | null
  namespace: string | null
  body: Record<string, unknown>
}

export interface FakeVaultLogins {
  approle?: { roleId: string; secretId: string }
  kubernetes?: { role: string; jwt: string }
  aws?: { role: string; serverId?: string }
  namespace?: string
}

interface Version {
  data: Record<string, string> | null
  created: string
}

interface World {
  logins: FakeVaultLogins
  secrets: Map<string, Version[]>
  tokens: Map<string, { renewable: boolean }>
  forbidden: Set<string>
  /** Lease → the token it was made under. */
  leases: Map<string, string>
  tokenSeconds: number
  rootToken: string
}

type Answer = [status: number, body?: object]

/** @param port of its own; left out: any */
export async function startFakeVault(logins: FakeVaultLogins = {}, port = 0): Promise<FakeVault> {
  const rootToken = `root-${randomUUID()}`
  const world: World = {
    logins,
    secrets: new Map(),
    tokens: new Map([[rootToken, { renewable: false }]]),
    forbidden: new Set(),
    leases: new Map(),
    tokenSeconds: 3600,
    rootToken,
  }
  const seen: SeenByVault[] = []
  let mode: Parameters<FakeVault['behave']>[0] = 'as-usual'
  const server = createServer((request, reply) => {
    read(request).then(
      (call) => {
        seen.push(call)
        if (mode !== 'hang') send(reply, odd(mode) ?? answer(world, call))
      },
      () => reply.destroy(),
    )
  })
  const listen = (on: number): Promise<void> => new Promise((resolve) => void server.listen(on, '127.0.0.1', resolve))
  await listen(port)
  const at = (server.address() as AddressInfo).port
  return {
    address: `http://127.0.0.1:${at}`,
    rootToken,
    seen,
    behave: (next) => (mode = next),
    forbid: (path, forbidden = true) => (forbidden ? world.forbidden.add(path) : world.forbidden.delete(path)),
    write: (path, fields) => addVersion(world, path, fields),
    leases: () => [...world.leases.keys()],
    revokeTokens: () => {
      for (const token of world.tokens.keys()) if (token !== rootToken) world.tokens.delete(token)
      for (const [id, token] of world.leases) if (!world.tokens.has(token)) world.leases.delete(id)
    },
    get tokenSeconds() {
      return world.tokenSeconds
    },
    set tokenSeconds(value) {
      world.tokenSeconds = value
    },
    away: () => end(server),
    back: () => listen(at),
    close: () => end(server),
  }
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function read(request: IncomingMessage): Promise<SeenByVault> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  const header = (name: string): string | null => (request.headers[name] as string | undefined) ?? null
  return {
    method: request.method ?? '',
    path: (request.url ?? '').replace(/^\/v1\//, ''),
    token: header('x-vault-token'),
    namespace: header('x-vault-namespace'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

function odd(mode: string): Answer | null {
  if (mode === 'sealed') return [503, { errors: ['Vault is sealed'] }]
  if (mode === 'redirect') return [307]
  if (mode === 'nonsense') return [200]
  if (mode === 'too-much') return [200, { data: { data: { key: 'x'.repeat(2 * 1024 * 1024) }, metadata: { version: 1 } } }]
  return null
}

function send(reply: ServerResponse, [status, body]: Answer): void {
  reply.writeHead(status, { 'content-type': 'application/json', ...(status === 307 ? { location: 'https://vault.invalid/' } : {}) })
  reply.end(body ? JSON.stringify(body) : status === 200 ? '<html>' : '')
}

function answer(world: World, call: SeenByVault): Answer {
  const path = call.path.split('?')[0]!
  if (path === 'sys/health') return [200, { initialized: true, sealed: false, standby: false, version: '1.21.1' }]
  if ((world.logins.namespace ?? null) !== call.namespace) return [403, { errors: ['permission denied'] }]
  if (path.startsWith('auth/') && path.endsWith('/login')) return logIn(world, path.split('/').at(-2)!, call.body)
  const holder = call.token === null ? undefined : world.tokens.get(call.token)
  if (!holder || world.forbidden.has(path)) return [403, { errors: ['permission denied'] }]
  if (path === 'auth/token/lookup-self') return [200, { data: { ttl: call.token === world.rootToken ? 0 : world.tokenSeconds, renewable: holder.renewable } }]
  if (path === 'auth/token/renew-self') return holder.renewable ? [200, auth(call.token!, world.tokenSeconds)] : [400, { errors: ['lease is not renewable'] }]
  if (path.startsWith('sys/leases/') && call.method !== 'PUT' && call.method !== 'POST') return [405, { errors: ['unsupported operation'] }]
  if (path === 'sys/leases/renew') return renewLease(world, String(call.body['lease_id']))
  if (path === 'sys/leases/lookup') return lookUpLease(world, String(call.body['lease_id']))
  if (path === 'sys/leases/revoke') return endLease(world, String(call.body['lease_id']))
  if (/^(database|aws)\/creds\//.test(path)) return makeCredentials(world, path, call.token!)
  if (path.includes('/metadata/')) return metadata(world, path.replace('/metadata/', '/data/'))
  return keyValue(world, call, path)
}

function auth(token: string, seconds: number): object {
  return { auth: { client_token: token, lease_duration: seconds, renewable: true, policies: ['default'] } }
}

function logIn({ logins, tokens, tokenSeconds }: World, method: string, body: Record<string, unknown>): Answer {
  const good =
    (method === 'approle' && body['role_id'] === logins.approle?.roleId && body['secret_id'] === logins.approle?.secretId) ||
    (method === 'kubernetes' && body['role'] === logins.kubernetes?.role && body['jwt'] === logins.kubernetes?.jwt) ||
    (method === 'aws' && body['role'] === logins.aws?.role && isCallerProof(body, logins.aws?.serverId))
  if (!good) return [method === 'approle' ? 400 : 403, { errors: ['invalid credentials'] }]
  const token = `made-${randomUUID()}`
  tokens.set(token, { renewable: true })
  return [200, auth(token, tokenSeconds)]
}

/** Everything Vault itself looks at before it asks AWS; whether the signature is right only AWS could say. */
function isCallerProof(body: Record<string, unknown>, serverId: string | undefined): boolean {
  const decoded = (key: string): string => Buffer.from(String(body[key]), 'base64').toString('utf8')
  const headers = JSON.parse(decoded('iam_request_headers')) as Record<string, string>
  const signed = /SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? []
  return (
    body['iam_http_request_method'] === 'POST' &&
    /^https:\/\/sts\.([a-z0-9-]+\.)?amazonaws\.com\/$/.test(decoded('iam_request_url')) &&
    decoded('iam_request_body') === 'Action=GetCallerIdentity&Version=2011-06-15' &&
    ['host', 'x-amz-date'].every((name) => signed.includes(name)) &&
    (serverId === undefined || (headers['x-vault-aws-iam-server-id'] === serverId && signed.includes('x-vault-aws-iam-server-id')))
  )
}

function renewLease({ leases, tokenSeconds }: World, id: string): Answer {
  return leases.has(id) ? [200, { lease_id: id, renewable: true, lease_duration: tokenSeconds }] : [400, { errors: ['lease not found'] }]
}

function lookUpLease({ leases, tokenSeconds }: World, id: string): Answer {
  return leases.has(id) ? [200, { data: { id, ttl: tokenSeconds, renewable: true } }] : [400, { errors: ['invalid lease'] }]
}

function endLease({ leases }: World, id: string): Answer {
  leases.delete(id)
  return [204]
}

/** Fields as the pages "Database secrets engine" and "AWS secrets engine" show them; an IAM user has no session token. */
function makeCredentials({ leases, tokenSeconds }: World, path: string, token: string): Answer {
  const id = `${path}/${randomUUID()}`
  leases.set(id, token)
  const own = id.slice(-12)
  const data = path.startsWith('aws/')
    ? { access_key: `AKIA-${own}`, secret_key: `made-for-${own}`, security_token: null, arn: `arn:aws:iam::123456789012:user/vault-${own}` }
    : { username: `v-${own}`, password: `made-for-${own}` }
  return [200, { lease_id: id, lease_duration: tokenSeconds, renewable: true, data }]
}

function addVersion({ secrets }: World, path: string, data: Record<string, string>): void {
  secrets.set(path, [...(secrets.get(path) ?? []), { data, created: new Date(1_700_000_000_000 + (secrets.get(path)?.length ?? 0) * 60_000).toISOString() }])
}

function metadata({ secrets }: World, path: string): Answer {
  const versions = secrets.get(path)
  if (!versions) return [404, { errors: [] }]
  const about = versions.map(({ data, created }, index) => [
    String(index + 1),
    { created_time: created, deletion_time: data ? '' : created, destroyed: false },
  ])
  return [200, { data: { current_version: versions.length, versions: Object.fromEntries(about) } }]
}

function keyValue(world: World, { method, path: full, body }: SeenByVault, path: string): Answer {
  const versions = world.secrets.get(path) ?? []
  if (method === 'DELETE') {
    if (versions.length > 0) versions.at(-1)!.data = null
    return [204]
  }
  if (method === 'POST') {
    const { options, data } = body as { options?: { cas?: number }; data: Record<string, string> }
    if (options?.cas !== undefined && options.cas !== versions.length) return [400, { errors: ['check-and-set parameter did not match the current version'] }]
    addVersion(world, path, data)
    return [200, { data: { version: versions.length + 1, created_time: world.secrets.get(path)!.at(-1)!.created } }]
  }
  const wanted = Number(/[?&]version=(\d+)/.exec(full)?.[1] ?? versions.length)
  const version = versions[wanted - 1]
  if (!version) return [404, { errors: [] }]
  const about = { version: wanted, created_time: version.created, deletion_time: version.data ? '' : version.created, destroyed: false }
  return [version.data ? 200 : 404, { lease_id: '', lease_duration: 0, data: { data: version.data, metadata: about } }]
}
