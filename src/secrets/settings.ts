// long: one setting after the other, each with its meaning
import { z } from 'zod'
import { isLoopback, parseDuration } from '../base/index.ts'

const secretName = z.string().regex(/^[A-Za-z_]\w*$/, 'a secret is named with letters, digits and underscores')
const place = (what: string, example: string) =>
  z
    .string()
    .regex(/^\/?[^#\s]+#[^#\s]+$/, `a ${what} place is written \`${example}\``)
    // A step up would leave the path that the operator of the store looked at.
    .refine((text) => !/(^|\/)\.{1,2}(\/|#)/.test(text), `a ${what} place has no \`.\` or \`..\` in it`)
const file = z.string().regex(/^\//, 'a file is named by its whole path, from / on')

const agentOrSkill = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'an id has letters, digits, `_`, `.` and `-`')
const scope = z.strictObject({
  agents: z
    .array(agentOrSkill)
    .min(1)
    .optional()
    .describe('agents that may use it; left out: every agent')
    .meta({ enforced: true }),
  skills: z
    .array(agentOrSkill)
    .min(1)
    .optional()
    .describe('skills that may use it; left out: none, only agents')
    .meta({ enforced: true }),
})

const ofEveryStore = {
  timeout: z
    .string()
    .transform(parseDuration)
    // Below 100 ms a healthy store across a network looks dead; OpenClaw waits no longer than a minute for anything.
    .pipe(z.int().min(100).max(60_000))
    .prefault('5s')
    .describe('how long one look into the store may take, retries included')
    .meta({ unit: 'duration', enforced: true }),
  cache_ttl: z
    .string()
    .transform(parseDuration)
    .pipe(z.int().min(1000).max(86_400_000))
    .prefault('5m')
    .describe('how long a value is used before the store is asked again, in the background')
    .meta({ unit: 'duration', enforced: true }),
  scopes: z
    .record(secretName, scope)
    .default({})
    .describe('name of a secret → which agents and skills may use it; not listed: every agent, no skill'),
  openclaw: z
    .array(secretName)
    .default([])
    .describe('secrets that OpenClaw itself may ask for while it starts or reloads: tokens of channels, its own token')
    .meta({ enforced: true }),
}

const environment = z.strictObject({
  provider: z
    .literal('environment')
    .default('environment')
    .describe('`NAME` and `NAME_FILE` of the environment of the guard')
    .meta({ enforced: true }),
  ...ofEveryStore,
})

const keychain = z.strictObject({
  provider: z
    .literal('keychain')
    .describe('the keychain of the operating system (needs the package `@napi-rs/keyring`)')
    .meta({ enforced: true }),
  keychain_service: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'a service has letters, digits, `_`, `.` and `-`')
    .default('hardshell')
    .describe('name of the service under which the keychain keeps our secrets')
    .meta({ enforced: true }),
  ...ofEveryStore,
})

const vault = z.strictObject({
  provider: z.literal('vault').describe('HashiCorp Vault, KV version 2').meta({ enforced: true }),
  address: z
    .url({ protocol: /^https?$/, normalize: false })
    .refine(isEncryptedOrLocal, 'secrets travel over https only (http is accepted for a Vault on this machine)')
    .describe('address of the Vault server')
    .meta({ unit: 'url', enforced: true }),
  auth_method: z
    .enum(['token', 'approle', 'kubernetes', 'aws'])
    .default('token')
    .describe(
      'how the guard logs in to Vault: `VAULT_TOKEN`; `VAULT_ROLE_ID` and `VAULT_SECRET_ID`; the token of the pod; an ' +
        'AWS identity. The named secrets are found in the environment, in files or in the local store',
    )
    .meta({ enforced: true }),
  auth_mount: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'a mount is a path without slashes at its ends')
    .optional()
    .describe('where the login method is mounted; left out: under its own name')
    .meta({ enforced: true }),
  role: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'a role has letters, digits, `_`, `.` and `-`')
    .default('openclaw')
    .describe('role of the logins `kubernetes` and `aws`')
    .meta({ enforced: true }),
  namespace: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'a namespace is a path like `team/project`')
    .optional()
    .describe('namespace of Vault Enterprise or HCP; left out: the root')
    .meta({ enforced: true }),
  ca_cert: file
    .optional()
    .describe('PEM file with the authorities that may vouch for the server, instead of those of Node')
    .meta({ enforced: true }),
  kubernetes_token_file: file
    .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
    .describe("the pod's own token, for `kubernetes`")
    .meta({ enforced: true }),
  aws_region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region looks like us-east-1')
    .optional()
    .describe('region of the STS that Vault asks, for `aws`; left out: the global one')
    .meta({ enforced: true }),
  aws_server_id: z
    .string()
    .regex(/^[\w.:-]{1,253}$/, 'a server id is a host name')
    .optional()
    .describe("value of the signed header X-Vault-AWS-IAM-Server-ID, where Vault's `aws` login demands one")
    .meta({ enforced: true }),
  paths: z
    .record(secretName, place('Vault', 'secret/data/folder/name#field'))
    .default({})
    .describe('name of a secret → its place in Vault, `path#field`, also of an engine that makes credentials (`database/creds/app#password`); such a name is looked up nowhere else')
    .meta({ enforced: true }),
  ...ofEveryStore,
})

const awsSecretsManager = z.strictObject({
  provider: z
    .literal('aws_secrets_manager')
    .describe('AWS Secrets Manager (needs the package `@aws-sdk/client-secrets-manager`)')
    .meta({ enforced: true }),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region looks like us-east-1')
    .describe('AWS region of the secrets')
    .meta({ enforced: true }),
  secrets: z
    .record(secretName, z.string().regex(/^[^#\s]+(#[^#\s]+)?$/, 'a secret is written `name`, `arn` or `name#field`'))
    .default({})
    .describe(
      'name of a secret → its id or ARN in Secrets Manager, with `#field` for one field of a JSON secret; such a name ' +
        'is looked up nowhere else',
    )
    .meta({ enforced: true }),
  endpoint: z
    .url({ protocol: /^https?$/, normalize: false })
    .refine(isEncryptedOrLocal, 'secrets travel over https only (http is accepted for a server on this machine)')
    .optional()
    .describe('address of another server with the same interface; left out: that of AWS')
    .meta({ unit: 'url', enforced: true }),
  ...ofEveryStore,
})

/** `secrets`: where a `$NAME` written anywhere in the configuration is looked up. */
export const secretsSettings = z
  .discriminatedUnion('provider', [vault, awsSecretsManager, keychain, environment])
  .prefault({ provider: 'environment' })
  .describe('where `$NAME` references are looked up')

/** The settings as the room takes them. */
export type SecretsSettings = Frozen<z.output<typeof secretsSettings>>
export type VaultSettings = Frozen<z.output<typeof vault>>
export type AwsSecretsSettings = Frozen<z.output<typeof awsSecretsManager>>

/** As the configuration hands it out. */
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

function isEncryptedOrLocal(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return true // not an address at all: the schema says so itself
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return url.protocol === 'https:' || host === 'localhost' || isLoopback(host)
}
