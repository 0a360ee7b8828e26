import { z } from 'zod'
import { isLoopback } from '../base/index.ts'

const secretName = z.string().regex(/^[A-Za-z_]\w*$/, 'a secret is named with letters, digits and underscores')
const vaultPlace = z.string().regex(/^[^#\s]+#[^#\s]+$/, 'a Vault place is written `secret/data/folder/name#field`')

const environment = z.strictObject({
  provider: z
    .literal('environment')
    .describe('`NAME` and `NAME_FILE` of the environment of the guard')
    .meta({ enforced: true }),
})

const vault = z.strictObject({
  provider: z.literal('vault').describe('HashiCorp Vault, KV version 2').meta({ enforced: false }),
  address: z
    .url({ protocol: /^https?$/, normalize: false })
    .refine(isEncryptedOrLocal, 'secrets travel over https only (http is accepted for a Vault on this machine)')
    .describe('address of the Vault server')
    .meta({ unit: 'url', enforced: false }),
  auth_method: z
    .enum(['token', 'approle', 'kubernetes', 'aws'])
    .default('token')
    .describe('how the guard logs in to Vault')
    .meta({ enforced: false }),
  paths: z
    .record(secretName, vaultPlace)
    .default({})
    .describe('name of a secret → its place in Vault, `path#field`')
    .meta({ enforced: false }),
})

const awsSecretsManager = z.strictObject({
  provider: z.literal('aws_secrets_manager').describe('AWS Secrets Manager').meta({ enforced: false }),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region looks like us-east-1')
    .describe('AWS region of the secrets')
    .meta({ enforced: false }),
  secrets: z
    .record(secretName, z.string().min(1))
    .default({})
    .describe('name of a secret → its id or ARN in Secrets Manager')
    .meta({ enforced: false }),
})

/** `secrets`: where a `$NAME` written anywhere in the configuration is looked up. */
export const secretsSettings = z
  .discriminatedUnion('provider', [environment, vault, awsSecretsManager])
  .prefault({ provider: 'environment' })
  .describe('where `$NAME` references are looked up')

function isEncryptedOrLocal(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return true // not an address at all: the schema says so itself
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return url.protocol === 'https:' || host === 'localhost' || isLoopback(host)
}
