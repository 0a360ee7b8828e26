import { afterEach, expect, it } from 'vitest'
import { closeAll, connectTo, httpOrigin, open } from './origins.fixture.ts'
import { closingEntry, exchange, headEnds } from './stage.fixture.ts'

afterEach(closeAll)

const inspection = { wants: ({ host, port }: { host: string; port: number }) => host === 'api.example.com' && port === 443, carry: async () => undefined }

it.each([
  ['by a plain request', 'GET http://api.example.com/ HTTP/1.1\r\nhost: api.example.com\r\n\r\n'],
  ['by a tunnel to port 80', connectTo('api.example.com:80')],
])('what is looked into on port 443 does not leave by port 80, %s', async (_how, text) => {
  const stage = await open({ origin: (await httpOrigin()).port, ports: { inspection } })
  const { seen } = await exchange(stage.port, text, headEnds)
  expect(seen).toMatch(/^HTTP\/1\.1 403/)
  expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.not-tls' })
  expect([stage.resolved, stage.dialled]).toEqual([[], []])
})

it('a host that is not inspected is reached by port 80 as before', async () => {
  const stage = await open({ origin: (await httpOrigin()).port, ports: { inspection: { ...inspection, wants: () => false } } })
  expect((await exchange(stage.port, 'GET http://api.example.com/ HTTP/1.1\r\nhost: api.example.com\r\n\r\n', headEnds)).seen).toMatch(/^HTTP\/1\.1 200/)
})
