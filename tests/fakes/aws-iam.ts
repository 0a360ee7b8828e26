import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * AWS IAM and STS as far as a rotation asks them: CreateAccessKey, DeleteAccessKey, GetCallerIdentity, in the query
 * protocol with answers in XML. Every request has to be signed (Signature Version 4) by a key that is good; signatures
 * themselves are checked against Amazon's vectors elsewhere.
 */
export interface AwsIam {
  url: string
  /** Access key ids that are good. */
  keys: Set<string>
  close(): Promise<void>
}

export async function startAwsIam(keys: Set<string>): Promise<AwsIam> {
  let made = 0
  const server = createServer((request, reply) => {
    void (async () => {
      let body = ''
      for await (const part of request.setEncoding('utf8')) body += String(part)
      const form = new URLSearchParams(body)
      const signer = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/us-east-1\/(?:iam|sts)\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/.exec(
        request.headers.authorization ?? '',
      )?.[1]
      const answer = (status: number, xml: string): void => void reply.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
      const fail = (status: number, code: string): void =>
        answer(status, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`)
      if (signer === undefined || !keys.has(signer)) return fail(403, 'InvalidClientTokenId')
      const action = form.get('Action')
      if (action === 'GetCallerIdentity') return answer(200, '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>')
      if (action === 'CreateAccessKey') {
        if (keys.size >= 2) return fail(409, 'LimitExceeded')
        const id = ['AKI', `AFAKE${String(++made).padStart(11, '0')}`].join('')
        keys.add(id)
        return answer(200, `<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><UserName>${form.get('UserName')}</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><SecretAccessKey>secret/of+${made}</SecretAccessKey></AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>`)
      }
      if (action === 'DeleteAccessKey') {
        return keys.delete(form.get('AccessKeyId') ?? '') ? answer(200, '<DeleteAccessKeyResponse/>') : fail(404, 'NoSuchEntity')
      }
      fail(400, 'InvalidAction')
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    keys,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
