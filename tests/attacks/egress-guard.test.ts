import { beforeAll, describe, expect, it } from 'vitest'
import { egressSurface } from '../../src/proof/index.ts'
import { openStage } from '../../src/proxy/egress/stage.fixture.ts'
import { ensureProven } from '../journeys/installation.ts'
import { entryThat, logLength } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { asGateway } from './as-gateway.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

// Run where an agent with a shell stands: asks for a tunnel and prints what it is told.
const tunnel = `
const [port, target, credential] = process.argv.slice(1)
const socket = require('node:net').connect(Number(port), '127.0.0.1')
let text = ''
socket.setTimeout(8000, () => socket.destroy())
socket.on('error', () => {})
socket.on('data', (chunk) => (text += chunk))
socket.on('close', () => console.log(text))
const who = credential ? 'Proxy-Authorization: Basic ' + Buffer.from(credential).toString('base64') + '\\r\\n' : ''
socket.write('CONNECT ' + target + ' HTTP/1.1\\r\\nHost: ' + target + '\\r\\n' + who + '\\r\\n')
`

describe('an agent with a shell', () => {
  it.each([
    ['a host nobody allowed', 'evil.example:443', '', 'egress.not-listed'],
    ['the metadata service in decimal', '2852039166:80', '', 'egress.not-listed'],
    ['the guard’s own model proxy', 'localhost:MODEL', '', 'egress.not-listed'],
    ['the gateway over IPv6 in disguise', '[::ffff:7f00:1]:GATEWAY', '', 'egress.not-listed'],
    ['anything with a made-up credential', 'evil.example:443', 'gateway:hs_tok_x', 'egress.bad-credential'],
    ['anything as the proof', 'evil.example:443', 'probe:probe', 'egress.bad-credential'],
    ['a target with a trick in it', 'evil.example:443@api.example.com:443', '', 'egress.bad-target'],
  ])('does not reach %s, and it is on record', async (_, written, credential, rule) => {
    const target = written.replace('MODEL', String(shared.ports.model)).replace('GATEWAY', String(shared.ports.gateway))
    const since = logLength(shared.log)
    const { out } = await asGateway(shared, tunnel, [String(shared.ports.egress), target, credential])
    expect(out).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(out).toContain(`x-hardshell-rule: ${rule}`)
    const visit = /x-hardshell-visit: (\S+)/.exec(out)![1]
    expect(await entryThat(shared.log, since, (entry) => entry.visit === visit)).toMatchObject({ decision: 'deny', rule, user: 'gateway' })
  })
})

describe('the proof of the way out', () => {
  const provedOn = async (stage: Awaited<ReturnType<typeof openStage>>, mode: 'enforce' | 'learn' = 'enforce') => {
    const surface = egressSurface({
      listen: () => ({ host: '127.0.0.1', port: stage.port }),
      mode,
      credential: '',
      runAsGateway: async (program, args) => (await asGateway(shared, program, args)).out,
      findEntry: async (nonce, fits) => stage.entries.find((entry) => JSON.stringify(entry).includes(nonce) && fits(entry)) ?? null,
    })
    const proof = await surface.prove('f'.repeat(32), new AbortController().signal)
    await stage.proxy.close()
    return proof
  }

  it('holds on a proxy as it should be', async () => {
    expect(await provedOn(await openStage())).toMatchObject({ ok: true })
  })

  it('fails when the list, the judgement of addresses or the credentials are taken away', async () => {
    const listless = await openStage({ rules: { mode: 'learn' }, ports: { resolve: () => Promise.reject(new Error('no such name')) } })
    expect(await provedOn(listless)).toEqual({ ok: false, detail: 'no refusal by the allow list in the audit log' })
    const addressless = await openStage({ rules: { allowedHosts: ['169.254.169.254', 'localhost', '::ffff:127.0.0.1'] }, options: { allowPrivate: ['0.0.0.0/0', '::/0', 'localhost'] } })
    expect((await provedOn(addressless)).detail).toContain('169.254.169.254')
    const open = await openStage({ ports: { authenticate: () => ({ name: 'agent.main', kind: 'agent', agentId: 'main', skill: null }) } })
    expect((await provedOn(open)).detail).toContain('forged credential')
  })
})
