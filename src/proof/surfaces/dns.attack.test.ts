import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { dnsSurface, type RunAsGateway } from '../index.ts'
import { resolverThat } from './dns.fixture.ts'

const run = promisify(execFile)
const runAsGateway: RunAsGateway = async (program, args) => (await run(process.execPath, ['-e', program, ...args])).stdout

it('a flood that makes the kernel lose a question over UDP does not make the proof fail', async () => {
  const resolver = await resolverThat((name) => (name.startsWith('forbidden') ? [5, 'dns.not-approved'] : [3, '']))
  const lost = new Map<string, number>()
  const { udp } = resolver
  const hear = udp.listeners('message')[0] as (...args: unknown[]) => void
  udp.removeAllListeners('message')
  udp.on('message', (...args) => {
    const name = args[0].toString('latin1', 13, 22)
    lost.set(name, (lost.get(name) ?? 0) + 1)
    if (lost.get(name)! > 1) hear(...args)
  })
  const surface = dnsSurface({ listen: () => resolver.at, names: () => ({ forbidden: 'forbidden.invalid', control: 'control.invalid' }), elsewhere: () => null, runAsGateway, findEntry: async () => ({ event_type: 'dns_query' }) as never })
  expect(await surface.prove('n', new AbortController().signal)).toMatchObject({ ok: true })
  await resolver.close()
})
