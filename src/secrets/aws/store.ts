import { messageOf, Secret, type OutboundTls, type Random } from '../../base/index.ts'
import { withAttempts } from '../attempts.ts'
import { badAnswer, notMapped } from '../failures.ts'
import { findByName } from '../secret-name.ts'
import type { SecretStore, SecretVersion, StoreHealth, StoredSecret } from '../store.ts'
import { awsFailure, awsName } from './failure.ts'
import { loadAwsSdk, type AwsSdk, type LoadAwsSdk } from './sdk.ts'

export interface AwsStoreOptions {
  region: string
  /** Name of a secret → `id` or `id#field`, as in the settings. */
  secrets: Readonly<Record<string, string>>
  /** Another server with the same interface. */
  endpoint?: string | undefined
  timeoutMs: number
}

export interface AwsStorePorts {
  random: Random
  /** How connections to AWS are encrypted and verified. */
  tls: OutboundTls
  /** Left out: the installed package. */
  load?: LoadAwsSdk | undefined
}

/**
 * Secrets that lie in AWS Secrets Manager, through Amazon's own client and its chain of credentials. Versions are
 * named by id or by stage (`AWSCURRENT`, `AWSPREVIOUS`, `AWSPENDING`). Source: AWS Secrets Manager API reference.
 */
export function createAwsStore(options: AwsStoreOptions, ports: AwsStorePorts): SecretStore {
  const { random } = ports
  const aws = createCaller(options, ports)
  const placeOf = (name: string): AwsPlace | null => {
    const text = findByName(options.secrets, name)
    return text === null ? null : readPlace(text)
  }
  return {
    kind: 'aws_secrets_manager',
    get: async (name, version) => {
      const place = placeOf(name)
      return place && (await read(aws, place, version))
    },
    put: async (name, secret) => {
      const place = placeOf(name)
      if (!place) throw notMapped(awsName, name, 'secrets.secrets')
      return await write(aws, place, secret, random)
    },
    versions: async (name) => {
      const place = placeOf(name)
      return place ? await versionsOf(aws, place) : []
    },
    remove: async (name) => {
      const place = placeOf(name)
      return place !== null && (await removeFrom(aws, place, random))
    },
    list: async () => Object.keys(options.secrets).sort().map((name) => ({ name: name.toUpperCase(), createdAt: null })),
    health: async () => await healthOf(aws, options),
    tend: async () => {}, // the client renews its credentials by itself
    close: async () => aws.close(),
  }
}

interface AwsPlace {
  id: string
  /** `null`: the whole text. */
  field: string | null
}

function readPlace(text: string): AwsPlace {
  const hash = text.indexOf('#')
  return hash < 0 ? { id: text, field: null } : { id: text.slice(0, hash), field: text.slice(hash + 1) }
}

type Send = InstanceType<AwsSdk['SecretsManagerClient']>['send']

interface Caller {
  /** @returns `null` when AWS says that there is no such secret or version */
  ask<T>(what: string, work: (sdk: AwsSdk, send: Send) => Promise<T>): Promise<T | null>
  close(): void
}

function createCaller({ region, endpoint, timeoutMs }: AwsStoreOptions, { random, load, tls }: AwsStorePorts): Caller {
  let client: InstanceType<AwsSdk['SecretsManagerClient']> | null = null
  return {
    async ask(what, work) {
      const sdk = await loadAwsSdk(load)
      // One attempt of theirs: the retries are ours, within one limit of time for everything.
      const requestHandler = { httpsAgent: tls.agent() }
      client ??= new sdk.SecretsManagerClient({ region, maxAttempts: 1, requestHandler, ...(endpoint === undefined ? {} : { endpoint }) })
      const open = client
      return await withAttempts({ store: awsName, timeoutMs }, async (signal) => {
        const send = ((command: Parameters<Send>[0]) => open.send(command, { abortSignal: signal })) as Send
        try {
          return await work(sdk, send)
        } catch (error) {
          if (isGone(error)) return null
          throw awsFailure(error, what, timeoutMs)
        }
      }, random)
    },
    close: () => client?.destroy(),
  }
}

/** Not there, or marked for deletion, which is the same to a reader. */
function isGone(error: unknown): boolean {
  const { name, message } = error as { name?: string; message?: string }
  return name === 'ResourceNotFoundException' || (name === 'InvalidRequestException' && /deletion|deleted/i.test(message ?? ''))
}

async function read(aws: Caller, { id, field }: AwsPlace, version?: string): Promise<StoredSecret | null> {
  const which = version === undefined ? {} : version.startsWith('AWS') ? { VersionStage: version } : { VersionId: version }
  const found = await aws.ask(`to read ${id}`, ({ GetSecretValueCommand }, send) =>
    send(new GetSecretValueCommand({ SecretId: id, ...which })),
  )
  if (!found) return null
  const text = found.SecretString ?? (found.SecretBinary && new TextDecoder().decode(found.SecretBinary))
  const value = field === null ? text : fieldsOf(text, id)[field]
  if (value === undefined) return null
  const spot = placeText({ id, field })
  if (typeof value !== 'string' || value === '') throw badAnswer(awsName, `keeps something else than text in ${spot}`)
  const [number, createdAt] = [found.VersionId ?? null, isoOf(found.CreatedDate)]
  return { secret: new Secret(value), version: number, createdAt, store: 'aws_secrets_manager', place: `aws ${spot}` }
}

/** A new version becomes AWSCURRENT, and the one before AWSPREVIOUS; other fields of the secret stay. */
async function write(aws: Caller, { id, field }: AwsPlace, secret: Secret, random: Random): Promise<SecretVersion> {
  const before = field === null ? null : await readFields(aws, id)
  const SecretString = field === null ? secret.reveal() : JSON.stringify({ ...before, [field]: secret.reveal() })
  return await writeWhole(aws, id, SecretString, random)
}

async function writeWhole(aws: Caller, id: string, SecretString: string, random: Random): Promise<SecretVersion> {
  // Retries carry the same token, so that AWS makes one version of them.
  const ClientRequestToken = random.bytes(16).toString('hex')
  const made =
    (await aws.ask(`to write ${id}`, ({ PutSecretValueCommand }, send) =>
      send(new PutSecretValueCommand({ SecretId: id, SecretString, ClientRequestToken })),
    )) ??
    (await aws.ask(`to create ${id}`, ({ CreateSecretCommand }, send) =>
      send(new CreateSecretCommand({ Name: id, SecretString, ClientRequestToken })),
    ))
  if (!made?.VersionId) throw badAnswer(awsName, `did not say which version of ${id} it made`)
  return { version: made.VersionId, createdAt: null, current: true }
}

async function removeFrom(aws: Caller, { id, field }: AwsPlace, random: Random): Promise<boolean> {
  const fields = field === null ? null : await readFields(aws, id)
  if (field !== null && fields && Object.keys(fields).length > 1) {
    if (!Object.hasOwn(fields, field)) return false
    const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field))
    await writeWhole(aws, id, JSON.stringify(rest), random)
    return true
  }
  if (field !== null && !fields?.[field]) return false
  // With the waiting time of AWS (30 days), so that a mistake can be taken back there.
  const deleted = await aws.ask(`to delete ${id}`, ({ DeleteSecretCommand }, send) => send(new DeleteSecretCommand({ SecretId: id })))
  return deleted !== null
}

async function readFields(aws: Caller, id: string): Promise<Record<string, unknown> | null> {
  const whole = await read(aws, { id, field: null })
  return whole && fieldsOf(whole.secret.reveal(), id)
}

function fieldsOf(text: string | undefined, id: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // the parser's own error quotes the text
  }
  throw badAnswer(awsName, `keeps no JSON object in ${id}, so it has no fields`)
}

async function versionsOf(aws: Caller, { id }: AwsPlace): Promise<SecretVersion[]> {
  const found = await aws.ask(`to list the versions of ${id}`, ({ ListSecretVersionIdsCommand }, send) =>
    send(new ListSecretVersionIdsCommand({ SecretId: id })),
  )
  const versions = (found?.Versions ?? []).flatMap(({ VersionId, VersionStages, CreatedDate }) =>
    VersionId === undefined
      ? []
      : [{ version: VersionId, createdAt: isoOf(CreatedDate), current: VersionStages?.includes('AWSCURRENT') === true }],
  )
  return versions.sort((a, b) => Number(b.current) - Number(a.current) || (b.createdAt ?? '').localeCompare(a.createdAt ?? ''))
}

/** Reads the first secret that is mapped: the one thing this guard surely may do. */
async function healthOf(aws: Caller, { region, secrets }: AwsStoreOptions): Promise<StoreHealth> {
  const [first] = Object.values(secrets)
  if (first === undefined) return { ok: false, detail: 'secrets.secrets maps no name' }
  try {
    const found = await read(aws, readPlace(first))
    return { ok: found !== null, detail: `${awsName} in ${region} ${found ? 'lets us in' : `has no ${first}`}` }
  } catch (error) {
    return { ok: false, detail: messageOf(error) }
  }
}

function placeText({ id, field }: AwsPlace): string {
  return field === null ? id : `${id}#${field}`
}

function isoOf(date: Date | undefined): string | null {
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString()
}
