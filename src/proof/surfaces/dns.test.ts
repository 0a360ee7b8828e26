import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { NewEntry } from '../../auditlog/index.ts'
import type { FindEntry, RunAsGateway } from '../index.ts'
import { dnsSurface } from '../index.ts'
import { resolverThat, type TestResolver } from './dns.fixture.ts'

const run = promisify(execFile)
const nonce = 'e'.repeat(32)
const names = (id: string) => ({ forbidden: `${id}.hardshell-probe.invalid`, control: `${id}.control.hardshell-probe.invalid` })
const runAsGateway: RunAsGateway = async (program, args) => (await run(process.execPath, ['-e', program, ...args])).stdout
const open: TestResolver[] = []
afterEach(async () => {
  for (const resolver of open.splice(0)) await resolver.close()
})

/** A surface over a resolver that answers with [code, rule]. */
async function proofOf(answer: (name: string, transport: string) => [number, string] | null, { logged = 'dns.not-approved', elsewhere = null as TestResolver | null } = {}) {
  const resolver = await resolverThat(answer)
  open.push(resolver)
  const entry = { event_type: 'dns_query', decision: 'deny', rule: logged } satisfies Partial<NewEntry>
  const findEntry: FindEntry = async (_, fits) => (fits(entry) ? entry : null)
  return await dnsSurface({ listen: () => resolver.at, names, elsewhere: () => elsewhere && elsewhere.at, runAsGateway, findEntry }).prove(nonce, new AbortController().signal)
}
const filtering = (name: string): [number, string] => (name === names(nonce).forbidden ? [5, 'dns.not-approved'] : [3, ''])

describe('the DNS surface', () => {
  it('holds when the forbidden name is refused by the list over UDP and TCP, and the approved one is not', async () => {
    expect(await proofOf(filtering)).toEqual({ ok: true, detail: 'refused over UDP and TCP by the list; an approved name passed' })
    expect((await proofOf((name) => (name === names(nonce).forbidden ? [3, 'dns.not-approved'] : [2, 'dns.no-answer']))).ok, 'refused as not existing; nobody further on answers').toBe(true)
  })

  it('is broken when the filter lets everything through, also by TCP only', async () => {
    expect((await proofOf(() => [3, ''])).detail).toContain('was not refused by the list over UDP (code 3)')
    expect((await proofOf((name, transport) => (transport === 'tcp' ? [0, ''] : filtering(name)))).detail).toContain('over TCP (code 0)')
  })

  it('is broken when it refuses everything, refuses for another reason, says nothing or logs nothing', async () => {
    expect((await proofOf(() => [5, 'dns.not-approved'])).detail).toContain('an approved name was refused too')
    expect((await proofOf((name) => (name === names(nonce).forbidden ? [5, 'proof.stale'] : [3, '']))).detail).toContain('proof.stale')
    expect((await proofOf(filtering, { logged: 'proof.stale' })).detail).toContain('not in the audit log')
  })

  it('is broken when port 53 should lead to it and does not', async () => {
    const [free, led] = [await resolverThat(() => [3, '']), await resolverThat(filtering)]
    open.push(free, led)
    expect((await proofOf(filtering, { elsewhere: free })).detail).toContain("another resolver's port 53")
    expect((await proofOf(filtering, { elsewhere: led })).detail).toContain('port 53 of any address leads here')
  })
})
