import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startAwsIam, type AwsIam } from '../../../../tests/fakes/aws-iam.ts'
import { createOutboundTls, Secret, systemClock } from '../../../base/index.ts'
import { adminHttp } from './admin-http.ts'
import { awsIamIssuer } from './aws-iam.ts'

let iam: AwsIam
beforeEach(async () => void (iam = await startAwsIam(new Set(['AKIOLD']))))
afterEach(async () => await iam.close())

const pair = (accessKeyId: string): Secret => new Secret(JSON.stringify({ accessKeyId, secretAccessKey: 'of old' }))
const issuer = (by = 'AKIOLD') =>
  awsIamIssuer(
    { userName: 'bedrock', identity: async () => ({ accessKeyId: by, secretAccessKey: new Secret('of old'), sessionToken: null }), iamUrl: iam.url, stsUrl: iam.url },
    { http: adminHttp(createOutboundTls()), clock: systemClock },
  )

describe('access keys of AWS IAM', () => {
  it('are made as a pair, tried by a live call, and deleted by their id', async () => {
    const { secret, keyId } = await issuer().mint!('hardshell-1')
    expect(JSON.parse(secret.reveal())).toEqual({ accessKeyId: keyId, secretAccessKey: 'secret/of+1' })
    expect(await issuer().check!(secret)).toEqual({ verdict: 'accepted' })
    expect(await issuer().identify!(pair('AKIOLD'))).toBe('AKIOLD')
    const byNew = issuer(keyId!) // the old key is deleted with the new one's rights
    await byNew.revoke!({ keyId: 'AKIOLD', secret: pair('AKIOLD') })
    await byNew.revoke!({ keyId: 'AKIOLD', secret: pair('AKIOLD') })
    expect(await issuer().check!(pair('AKIOLD'))).toEqual({ verdict: 'refused' })
    expect([...iam.keys]).toEqual([keyId])
  })

  it('are not made while two are there: the error says what to do', async () => {
    iam.keys.add('AKIOTHER')
    await expect(issuer().mint!('hardshell-1')).rejects.toMatchObject({
      code: 'secrets.issuer-refused',
      hint: expect.stringContaining('two access keys already'),
    })
  })

  it('are not judged when the secret is no pair or the answer is no verdict', async () => {
    expect(await issuer().check!(new Secret('opaque'))).toMatchObject({ verdict: 'unknown' })
    const away = awsIamIssuer(
      { userName: 'bedrock', identity: async () => null as never, stsUrl: iam.url },
      { http: async () => ({ status: 503, text: '<Code>Throttling</Code>' }), clock: systemClock },
    )
    expect(await away.check!(pair('AKIOLD'))).toEqual({ verdict: 'unknown', why: 'AWS STS answered HTTP 503, Throttling' })
  })
})
