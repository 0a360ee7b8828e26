import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, it } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { egressCheck } from './egress-check.ts'

const config = mkdtempSync(join(tmpdir(), 'hardshell-check-'))
writeFileSync(join(config, 'network.yaml'), 'egress:\n  allowed_hosts: [api.example.com]\n', { mode: 0o600 })
afterAll(() => rmSync(config, { recursive: true }))

async function verdicts(pieces: readonly string[], options: Record<string, string | boolean | string[]> = {}): Promise<string[]> {
  const lines: string[] = []
  const terminal = { out: (text: string) => void lines.push(text), env: {}, cwd: config, self: 'hardshell' } as unknown as Terminal
  expect(await egressCheck({ jsonl: true, config, ...options }, terminal, Readable.from(pieces.map((piece) => Buffer.from(piece))))).toBe(0)
  return lines.map((line) => {
    const { id, verdict } = JSON.parse(line) as { id: unknown; verdict: string }
    return `${JSON.stringify(id)} ${verdict}`
  })
}

it('every line has one answer in its place, however the lines arrive and whatever is in them', async () => {
  const text = '{"id":"\u2028","url":"https://api.example.com/"}\n\nnonsense\n{"id":2,"url":"https://\u00e4.example/"}\r\n{"id":3,"url":"http://api.example.com/"}'
  for (const size of [1, 7, 1000]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size))
    expect(await verdicts(pieces)).toEqual(['"\u2028" allow', 'null deny', 'null deny', '2 deny', '3 allow'])
  }
})

it('hosts of the command line are allowed beside those of the configuration', async () => {
  const asked = ['{"id":1,"url":"https://api.example.com/"}\n{"id":2,"url":"https://more.example.com/"}\n{"id":3,"url":"http://10.0.0.1/"}\n']
  expect(await verdicts(asked)).toEqual(['1 allow', '2 deny', '3 deny'])
  expect(await verdicts(asked, { allow: ['more.example.com', '10.0.0.1'] })).toEqual(['1 allow', '2 allow', '3 deny'])
  expect(await verdicts(asked, { allow: ['10.0.0.1'], allowPrivate: true })).toEqual(['1 allow', '2 deny', '3 allow'])
})
