import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { serveAlone } from './serve.ts'

const options = { what: 'egress', upstream: undefined, config: undefined, stateRoot: tmpdir(), env: {}, cwd: '/' } as const

describe('a proxy that is served in the clear', () => {
  it.each(['10.0.0.2:8080', '0.0.0.0:8080', '172.31.87.2:8080'])('is refused beyond loopback unless it is asked for (%s)', async (listen) => {
    await expect(serveAlone({ ...options, listen, dangerouslyPlain: false })).rejects.toMatchObject({ code: 'guard.open-door' })
  })

  it('is refused on a public address whatever is asked for', async () => {
    await expect(serveAlone({ ...options, listen: '93.184.215.14:8080', dangerouslyPlain: true })).rejects.toMatchObject({ code: 'guard.open-door' })
  })
})
