import { HardshellError, Secret, type Clock } from '../../../base/index.ts'
import type { AwsIdentity } from '../../aws/sdk.ts'
import { signRequest } from '../../aws/signature.ts'
import type { KeyIssuer, KeyVerdict } from '../issuer.ts'
import type { AdminHttp } from './admin-http.ts'

export interface AwsIamIssuerOptions {
  /** The IAM user whose access keys are rotated. */
  userName: string
  /** Who may create and delete them; the user itself may, where its policy lets it. */
  identity: () => Promise<AwsIdentity>
  /** Default: Amazon's own. */
  iamUrl?: string
  stsUrl?: string
}

/**
 * Access keys of an IAM user. The secret is the pair as JSON, `{"accessKeyId": …, "secretAccessKey": …}`. A user has
 * two keys at most: when both are taken, a person decides which one goes.
 * Source: AWS IAM API reference (version 2010-05-08), CreateAccessKey, DeleteAccessKey; AWS STS, GetCallerIdentity.
 */
export function awsIamIssuer(
  { userName, identity, iamUrl = 'https://iam.amazonaws.com/', stsUrl = 'https://sts.amazonaws.com/' }: AwsIamIssuerOptions,
  { http, clock }: { http: AdminHttp; clock: Clock },
): KeyIssuer {
  const ask = async (service: 'iam' | 'sts', form: Record<string, string>, as: AwsIdentity): Promise<{ status: number; text: string }> => {
    const url = new URL(service === 'iam' ? iamUrl : stsUrl)
    const body = new URLSearchParams(form).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded', host: url.host }
    // IAM and the global STS live in us-east-1 for everybody.
    const signed = signRequest({ method: 'POST', url, headers, body }, { identity: as, region: 'us-east-1', service, atMs: clock.now() })
    const { host: _, ...sent } = signed // set by the client from the address
    return await http({ method: 'POST', url: url.href, headers: sent, body })
  }
  return {
    kind: 'aws_iam',
    goodWhenMinted: true,
    byHand: {
      mint: `AWS console, IAM, user ${userName}, Security credentials, "Create access key"`,
      revoke: `AWS console, IAM, user ${userName}, Security credentials, delete the old key`,
    },
    async mint() {
      const { status, text } = await ask('iam', { Action: 'CreateAccessKey', Version: '2010-05-08', UserName: userName }, await identity())
      if (status !== 200) throw refused('CreateAccessKey', status, text, userName)
      const accessKeyId = element(text, 'AccessKeyId')
      const secretAccessKey = element(text, 'SecretAccessKey')
      if (accessKeyId === null || secretAccessKey === null) {
        throw new HardshellError('secrets.issuer-refused', 'AWS IAM made an access key and told none')
      }
      return { secret: new Secret(JSON.stringify({ accessKeyId, secretAccessKey })), keyId: accessKeyId }
    },
    identify: async (secret) => pairOf(secret)?.accessKeyId ?? null,
    async revoke({ keyId }) {
      if (keyId === null) throw new HardshellError('secrets.rotation-by-hand', 'the old secret is no pair of access keys; delete its key in the AWS console')
      const form = { Action: 'DeleteAccessKey', Version: '2010-05-08', UserName: userName, AccessKeyId: keyId }
      const { status, text } = await ask('iam', form, await identity())
      if (status !== 200 && element(text, 'Code') !== 'NoSuchEntity') throw refused('DeleteAccessKey', status, text, userName)
    },
    async check(secret): Promise<KeyVerdict> {
      const pair = pairOf(secret)
      if (!pair) return { verdict: 'unknown', why: 'it is no pair of accessKeyId and secretAccessKey' }
      const { status, text } = await ask('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }, pair)
      if (status === 200) return { verdict: 'accepted' }
      const code = element(text, 'Code') ?? 'no code'
      return refusals.has(code) ? { verdict: 'refused' } : { verdict: 'unknown', why: `AWS STS answered HTTP ${status}, ${code.slice(0, 40)}` }
    },
  }
}

/** What STS says of a key that is gone, or never was (AWS, "Common error types"). */
const refusals: ReadonlySet<string> = new Set(['InvalidClientTokenId', 'SignatureDoesNotMatch', 'InactiveKey'])

function refused(action: string, status: number, text: string, userName: string): HardshellError {
  const code = element(text, 'Code') ?? 'no code'
  const hint =
    code === 'LimitExceeded'
      ? `user ${userName} has two access keys already; delete the one that is not in use, then: hardshell secrets rotate NAME --resume`
      : `look at the policy of the identity that manages the keys of ${userName}`
  return new HardshellError('secrets.issuer-refused', `AWS IAM answered HTTP ${status}, ${code.slice(0, 40)}, to ${action}`, { hint })
}

/** The first element of that name; the answers hold each once, and their values need no decoding. */
function element(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([\\w+/=.-]{1,256})</${name}>`).exec(xml)?.[1] ?? null
}

/** Who signs with this pair. @throws HardshellError `secrets.issuer-refused` */
export function identityOf(secret: Secret): AwsIdentity {
  const pair = pairOf(secret)
  if (pair) return pair
  throw new HardshellError('secrets.issuer-refused', 'the secret is no pair of accessKeyId and secretAccessKey in JSON')
}

function pairOf(secret: Secret): AwsIdentity | null {
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(secret.reveal()) as Record<string, unknown>
    if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return null
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: null }
  } catch {
    return null
  }
}
