import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { servePlugin } from './index.ts'

it('whoever asks and never reads the answers is made to wait, instead of filling the memory of the guard', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-'))
  const path = join(folder, 'plugin.sock')
  let judged = 0
  const judge = async () => {
    judged++
    return { allow: false, rule: 'test', reason: 'x'.repeat(1000) }
  }
  const server = await servePlugin(path, { judge, hear: async () => {} }, null)
  const client = connect(path).pause() // never reads
  const line = `${JSON.stringify({ kind: 'tool', id: 1, tool: 'read', args: {}, agentId: 'main', sessionKey: 's', runId: 'r' })}\n`
  const asked = 40_000
  for (let i = 0; i < asked; i += 1_000) client.write(line.repeat(1_000))
  for (let before = -1; before !== judged; ) {
    before = judged
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  client.destroy()
  await server.close()
  rmSync(folder, { recursive: true })
  expect(judged, 'of 40 MB of answers that nobody read').toBeLessThan(asked / 2)
})
