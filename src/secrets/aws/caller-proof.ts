import type { AwsIdentity } from './sdk.ts'
import { signRequest } from './signature.ts'

// "Who am I": the one question of STS that anybody may ask (AWS STS API reference, GetCallerIdentity).
const body = 'Action=GetCallerIdentity&Version=2011-06-15'

/**
 * A signed "who am I" that we do not send ourselves: Vault passes it on to AWS and learns who we are without ever
 * seeing the key. Source: Vault's API documentation, auth method aws, "Login".
 * @param region of the STS to ask; `null`: the global one
 * @param serverId put into a signed header, so that the proof is good for that one Vault only; `null`: not asked for
 */
export function callerProof(
  { identity, region, serverId }: { identity: AwsIdentity; region: string | null; serverId: string | null },
  atMs: number,
): Record<string, string> {
  const url = new URL(region === null ? 'https://sts.amazonaws.com/' : `https://sts.${region}.amazonaws.com/`)
  const headers: Record<string, string> = { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  if (serverId !== null) headers['x-vault-aws-iam-server-id'] = serverId
  const signed = signRequest({ method: 'POST', url, headers, body }, { identity, region: region ?? 'us-east-1', service: 'sts', atMs })
  return {
    iam_http_request_method: 'POST',
    iam_request_url: base64(url.href),
    iam_request_body: base64(body),
    iam_request_headers: base64(JSON.stringify(signed)),
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
