import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProviderAdmin, type ProviderAdmin } from '../../../../tests/fakes/provider-admin.ts'
import { createOutboundTls, Secret } from '../../../base/index.ts'
import type { KeyIssuer } from '../issuer.ts'
import { adminHttp, matchesHint } from './admin-http.ts'
import { anthropicIssuer } from './anthropic.ts'
import { openAiIssuer } from './openai.ts'

let admin: ProviderAdmin
const sendAdminCall = adminHttp(createOutboundTls())
beforeEach(async () => void (admin = await startProviderAdmin(2)))
afterEach(async () => await admin.close())

const value = (text: string): string => ['sk', 'proj', text.repeat(6)].join('-')
const openAi = (): KeyIssuer =>
  openAiIssuer({ project: 'proj_1', adminKey: async () => new Secret(admin.adminKey), baseUrl: `${admin.url}/v1` }, sendAdminCall)
const anthropic = (): KeyIssuer => anthropicIssuer({ adminKey: async () => new Secret(admin.adminKey), baseUrl: admin.url }, sendAdminCall)

describe('keys of OpenAI', () => {
  it('are made with an account of their own, found again by their shortened form, and ended', async () => {
    for (const text of ['aaaa1', 'bbbb2', 'cccc3']) admin.add(value(text), 'person')
    const { secret, keyId } = await openAi().mint!('hardshell-1')
    expect(admin.keys.get(secret.reveal())?.name).toBe('hardshell-1')
    expect(await openAi().identify!(secret)).toBe(keyId)
    await openAi().revoke!({ keyId, secret })
    expect(admin.keys.has(secret.reveal())).toBe(false)
    expect(admin.keys.size).toBe(3)
    await openAi().revoke!({ keyId, secret }) // again, as after a crash
  })

  it('that a person made are ended too, also on a later page', async () => {
    for (const text of ['aaaa1', 'bbbb2', 'cccc3', 'dddd4']) admin.add(value(text), 'person')
    const secret = new Secret(value('dddd4'))
    const keyId = await openAi().identify!(secret)
    expect(keyId).toMatch(/^key /)
    await openAi().revoke!({ keyId, secret })
    expect([...admin.keys.keys()]).toEqual(['aaaa1', 'bbbb2', 'cccc3'].map(value))
  })

  it('that were made and never received are swept by their label, and no others', async () => {
    for (let i = 0; i < 3; i++) await openAi().mint!('hardshell-1')
    await openAi().mint!('hardshell-2')
    await openAi().sweep!('hardshell-1')
    expect([...admin.keys.values()].map(({ name }) => name)).toEqual(['hardshell-2'])
  })

  it('that look alike are not guessed at', async () => {
    admin.add(['sk', 'proj', 'aXXX'].join('-') + 'tail', 'person')
    admin.add(['sk', 'proj', 'aYYY'].join('-') + 'tail', 'person')
    expect(await openAi().identify!(new Secret(['sk', 'proj', 'aXXX'].join('-') + 'tail'))).toBeNull()
    await expect(openAi().revoke!({ keyId: null, secret: new Secret('x') })).rejects.toMatchObject({ code: 'secrets.rotation-by-hand' })
  })

  it('are refused to a wrong admin key, in an error that holds no key', async () => {
    const issuer = openAiIssuer({ project: 'proj_1', adminKey: async () => new Secret('wrong-key'), baseUrl: `${admin.url}/v1` }, sendAdminCall)
    await expect(issuer.mint!('hardshell-1')).rejects.toMatchObject({ code: 'secrets.issuer-refused', message: expect.not.stringContaining('wrong-key') })
  })
})

describe('keys of Anthropic', () => {
  it('are found by their hint on any page and switched off; a person makes them', async () => {
    for (const text of ['aaaa1', 'bbbb2', 'cccc3']) admin.add(value(text), 'person')
    const secret = new Secret(value('cccc3'))
    const keyId = await anthropic().identify!(secret)
    expect(keyId).toBe(admin.keys.get(secret.reveal())!.id)
    await anthropic().revoke!({ keyId, secret })
    expect(admin.keys.has(secret.reveal())).toBe(false)
    expect(anthropic().mint).toBeNull()
    await anthropic().revoke!({ keyId, secret }) // gone already: no failure
  })
})

describe('an answer without end', () => {
  it('is hung up on, instead of being kept in memory', async () => {
    const server = createServer((_, reply) => {
      const more = (): void => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536, 'a'))) continue
      }
      reply.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await expect(sendAdminCall({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {} })).rejects.toMatchObject({ code: 'secrets.issuer-refused', message: expect.stringContaining('more than 1048576 bytes') })
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('a shortened key', () => {
  it.each([
    ['sk-proj-a...wxyz', true],
    ['sk-proj-a***wxyz', true],
    ['sk-proj-b...wxyz', false],
    ['sk...yz', false],
    ['sk-proj-abcdwxyz', false],
    [null, false],
  ])('%s may be this one: %s', (hint, expected) => {
    expect(matchesHint(`${['sk', 'proj', 'abcd'].join('-')}-middle-wxyz`, hint)).toBe(expected)
  })
})
