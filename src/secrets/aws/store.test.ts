import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeAws, type FakeAws } from '../../../tests/fakes/aws-secrets.ts'
import { codeOf, describeSecretStore, trialName } from '../../../tests/suites/secret-store.ts'
import { createOutboundTls, Secret, systemRandom } from '../../base/index.ts'
import type { SecretStore } from '../index.ts'
import { createAwsStore } from './store.ts'

// What Amazon's chain of credentials finds first, and what keeps it from asking the network of a cloud.
const chain = {
  AWS_ACCESS_KEY_ID: ['AKI', 'DEXAMPLE'].join(''),
  AWS_SECRET_ACCESS_KEY: ['sample', 'key', 'of', 'a', 'test'].join('-'),
  AWS_EC2_METADATA_DISABLED: 'true',
}
const before = { ...process.env }
beforeAll(() => void Object.assign(process.env, chain))
afterAll(() => {
  for (const name of Object.keys(chain)) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
})

function openStore(endpoint: string, secrets: Record<string, string>, timeoutMs = 3000): SecretStore {
  return createAwsStore({ region: 'us-east-1', endpoint, secrets, timeoutMs }, { random: systemRandom, tls: createOutboundTls() })
}

describeSecretStore("AWS Secrets Manager through Amazon's client", { writable: true, versions: true }, async () => {
  const aws = await startFakeAws()
  const store = openStore(aws.endpoint, { trial_api_key: 'openclaw/prod/trial' }, 1500)
  return {
    store,
    plant: async (value) => aws.write('openclaw/prod/trial', value),
    deny: () => aws.forbid('openclaw/prod/trial'),
    hang: () => aws.behave('hang'),
    vanish: () => aws.close(),
    end: async () => {
      await store.close()
      await aws.close()
    },
  }
})

describe('a store on AWS Secrets Manager', () => {
  let aws: FakeAws
  let store: SecretStore
  beforeEach(async () => {
    aws = await startFakeAws()
    store = openStore(aws.endpoint, { TRIAL_API_KEY: 'app#key', OTHER: 'app#other', WHOLE: 'app' })
  })
  afterEach(async () => {
    await store.close()
    await aws.close()
  })

  it('signs every request', async () => {
    aws.write('app', '{"key":"one"}')
    await store.get(trialName)
    await store.put(trialName, new Secret('two'))
    expect(aws.seen.map(({ operation }) => operation)).toEqual(['GetSecretValue', 'GetSecretValue', 'PutSecretValue'])
    expect(aws.seen.every(({ signed }) => signed)).toBe(true)
  })

  it('reads and writes one field of a JSON secret and leaves the others', async () => {
    aws.write('app', '{"key":"one","other":"stays"}')
    await store.put(trialName, new Secret('two'))
    expect((await store.get(trialName))?.secret.reveal()).toBe('two')
    expect((await store.get('OTHER'))?.secret.reveal()).toBe('stays')
    expect(await store.remove(trialName)).toBe(true)
    expect(await store.get(trialName)).toBeNull()
    expect((await store.get('OTHER'))?.secret.reveal()).toBe('stays')
  })

  it('names versions by stage too', async () => {
    await store.put('WHOLE', new Secret('one'))
    await store.put('WHOLE', new Secret('two'))
    expect((await store.get('WHOLE', 'AWSCURRENT'))?.secret.reveal()).toBe('two')
    expect((await store.get('WHOLE', 'AWSPREVIOUS'))?.secret.reveal()).toBe('one')
    expect(await store.get('WHOLE', 'AWSPENDING')).toBeNull()
  })

  it('says so when a field is asked of text that is no JSON, without quoting it', async () => {
    aws.write('app', 'plain text with a secret in it')
    expect(await codeOf(store.get(trialName))).toBe('secrets.store-answer')
  })

  it('asks three times when the service is down', async () => {
    aws.behave('down')
    expect(await codeOf(store.get(trialName))).toBe('secrets.store-unreachable')
    expect(aws.seen.length).toBe(3)
  })

  it('says where it would need to know a place for a name that is not mapped', async () => {
    expect(await codeOf(store.put('UNMAPPED', new Secret('x')))).toBe('secrets.not-mapped')
  })

  it('names the package that is missing, and how to get it', async () => {
    const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    const without = createAwsStore({ region: 'us-east-1', secrets: { TRIAL_API_KEY: 'app' }, timeoutMs: 100 }, { random: systemRandom, tls: createOutboundTls(), load: () => Promise.reject(absent) })
    expect(await codeOf(without.get(trialName))).toBe('secrets.package-missing')
    expect((await without.health()).detail).toMatch(/@aws-sdk\/client-secrets-manager, which is not installed/)
  })
})

describe('without any credentials', () => {
  it('is denied and says why, in time', async () => {
    const held = { ...process.env }
    const aws = await startFakeAws()
    const store = openStore(aws.endpoint, { TRIAL_API_KEY: 'app' }, 8000)
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' })
    try {
      expect(await codeOf(store.get(trialName))).toBe('secrets.store-denied')
      expect((await store.health()).detail).toMatch(/no AWS credentials were found/)
    } finally {
      process.env = held
      await store.close()
      await aws.close()
    }
  })
})
