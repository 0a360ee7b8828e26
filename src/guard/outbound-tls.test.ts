import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openTlsOrigin, originKinds, trustedPem, type TlsOrigin } from '../../tests/fakes/tls-origins.ts'
import { messageOf, Secret, systemClock, systemRandom, type OutboundTls } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { adminHttp, createSecrets, type SecretsSettings } from '../secrets/index.ts'
import { verifyCredentials } from './credentials.ts'
import { outboundTlsOf, trustEvents } from './outbound-tls.ts'

// The model proxy and inspected egress have theirs beside their code; this is everything else that leaves the machine.
const folder = mkdtempSync(join(tmpdir(), 'hs-outbound-'))
const bundle = join(folder, 'bundle.pem')
const chain = { AWS_ACCESS_KEY_ID: ['AKI', 'DEXAMPLE'].join(''), AWS_SECRET_ACCESS_KEY: ['of', 'a', 'test'].join('-'), AWS_EC2_METADATA_DISABLED: 'true' }
const before = { ...process.env }
beforeAll(() => {
  writeFileSync(bundle, trustedPem, { mode: 0o644 })
  // Off in the environment, to be found on all the same.
  Object.assign(process.env, chain, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
})
afterAll(() => {
  for (const name of [...Object.keys(chain), 'NODE_TLS_REJECT_UNAUTHORIZED']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  rmSync(folder, { recursive: true })
})

const tlsSettings = { min_version: '1.2', preferred_version: '1.3', verify_certificates: true, ca_bundle: bundle } as const
let origin: TlsOrigin
afterEach(async () => await origin.close())

/** Asks the origin in one of our ways. @returns `ok`, or what an operator reads */
type Way = (url: string, tls: OutboundTls) => Promise<string>

async function fromStore(settings: object, tls: OutboundTls): Promise<string> {
  const common = { timeout: 5_000, cache_ttl: 60_000, scopes: {}, openclaw: [] }
  const secrets = createSecrets({ env: { VAULT_TOKEN: 'x' }, settings: { ...common, ...settings } as unknown as SecretsSettings }, { clock: systemClock, random: systemRandom, tls })
  try {
    return (await secrets.get('TRIAL')) ? 'ok' : 'nothing'
  } catch (error) {
    return messageOf(error)
  } finally {
    await secrets.close()
  }
}

const ways: Record<string, Way> = {
  Vault: (address, tls) => fromStore({ provider: 'vault', address, auth_method: 'token', auth_mount: undefined, paths: { TRIAL: 'secret/data/app#key' } }, tls),
  'AWS Secrets Manager': (endpoint, tls) => fromStore({ provider: 'aws_secrets_manager', region: 'us-east-1', endpoint, secrets: { TRIAL: 'app' } }, tls),
  "a provider's administration": async (url, tls) => {
    const answer = await adminHttp(tls)({ method: 'GET', url, headers: {} }).catch((error: unknown) => error as Error)
    return answer instanceof Error ? answer.message : 'ok'
  },
  'a try of a provider key': async (base_url, tls) => {
    const config = { models: { providers: { it: { api: 'openai-completions', base_url, key: '$A_KEY' } } } } as unknown as Config
    const [health] = await verifyCredentials(config, { find: async () => new Secret('x'), tls })
    return health!.ok ? 'ok' : health!.detail
  },
}

const answer = JSON.stringify({ data: { data: { key: 'value' }, metadata: { version: 1 } }, ARN: 'a', Name: 'app', SecretString: 'value', VersionId: 'v', CreatedDate: 1 })

describe.each(Object.entries(ways))('%s', (_name, way) => {
  it.each(originKinds)('over TLS that is $what: $refused', async ({ options, refused }) => {
    origin = await openTlsOrigin(options(), (_, reply) => void reply.setHeader('content-type', 'application/json').end(answer))
    const told = await way(`https://localhost:${origin.port}`, outboundTlsOf({ tls: tlsSettings }))
    if (refused === null) return expect(told).toBe('ok')
    expect(told).toMatch(/its certificate|its chain|its authority|it speaks|it offers/)
    expect(origin.requests).toEqual([])
  })
})

it('what is said of the bundle before the log is open is written when it is', async () => {
  origin = await openTlsOrigin({})
  const events = trustEvents()
  events.report({ ok: false, reason: 'early' })
  const entries: unknown[] = []
  events.connect({ append: async (entry) => ({ seq: entries.push(entry), hash: '' }) })
  events.report({ ok: true, reason: 'late' })
  expect(entries).toMatchObject([
    { event_type: 'alert', severity: 'high', rule: 'tls.ca-bundle', reason: 'early' },
    { event_type: 'config_change', reason: 'late' },
  ])
})
