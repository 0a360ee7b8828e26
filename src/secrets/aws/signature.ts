import { createHash, createHmac } from 'node:crypto'
import type { AwsIdentity } from './sdk.ts'

/** A request to be signed; header names in lower case, `host` among them. */
export interface SignableRequest {
  method: string
  url: URL
  headers: Readonly<Record<string, string>>
  body: string
}

/**
 * Signature Version 4 of AWS. Source: AWS, "Create a signed AWS API request"; checked against Amazon's published test
 * vectors. Paths of one step and no query are all we sign, so nothing else is encoded here.
 * @returns all headers, with `x-amz-date` and `authorization`
 */
export function signRequest(
  { method, url, headers, body }: SignableRequest,
  { identity, region, service, atMs }: { identity: AwsIdentity; region: string; service: string; atMs: number },
): Record<string, string> {
  const stamp = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const date = stamp.slice(0, 8)
  const all: Record<string, string> = { ...headers, 'x-amz-date': stamp }
  if (identity.sessionToken) all['x-amz-security-token'] = identity.sessionToken.reveal()
  const names = Object.keys(all).sort()
  const signed = names.join(';')
  const lines = names.map((name) => `${name}:${all[name]!.trim()}\n`).join('')
  const canonical = [method, url.pathname, '', lines, signed, sha256(body)].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (secret, step) => hmac(secret, step),
    Buffer.from(`AWS4${identity.secretAccessKey.reveal()}`),
  )
  const signature = hmac(key, text).toString('hex')
  const credential = `Credential=${identity.accessKeyId}/${scope}`
  return { ...all, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signed}, Signature=${signature}` }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
