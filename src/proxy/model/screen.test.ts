import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, pendingSecretLength, redactSecrets } from '../../content/index.ts'
import { apis, type ApiName } from './api.ts'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { forAnswers } from './finders.ts'
import type { ModelContent } from './ports.ts'
import { Screen } from './screen.ts'
import { emptyTally, usageOf, type Tally } from './usage.ts'

const chat = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const done = 'data: [DONE]\n\n'
const block = (type: string, fields: object): string =>
  `event: ${type}\r\ndata: ${JSON.stringify({ type, index: 0, ...fields })}\r\n\r\n`

const delta = (change: object): string => block('content_block_delta', { delta: change })

interface Setup {
  api?: ApiName
  content?: ModelContent
  dropUsage?: boolean
  replaceError?: () => string
}

const defaults = { content: fakeContent, dropUsage: false, replaceError: null, maxEventBytes: 1e6, nowMs: () => 0 }

function open({ api = 'openai-chat', ...more }: Setup = {}, tally: Tally = emptyTally()): Screen {
  return new Screen({ ...defaults, ...more, api: apis[api], tally })
}

function run(stream: string | Buffer, setup: Setup = {}, cuts: number[] = []): string {
  const bytes = Buffer.from(stream)
  const screen = open(setup)
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const out = [...places, bytes.length].flatMap((to, index) => screen.feed(bytes.subarray(places[index - 1] ?? 0, to)))
  return Buffer.concat([...out, ...screen.end()]).toString()
}

/** The texts of all deltas joined, as a client would show them. */
function shown(stream: string, field = 'content'): string {
  const values = [...stream.matchAll(/^data: (\{.*\})\r?$/gm)].map(([, data]) => JSON.parse(data!) as unknown)
  const texts = new RegExp(`"${field}":"((?:[^"\\\\]|\\\\.)*)"`, 'g')
  return values
    .flatMap((value) => [...JSON.stringify(value).matchAll(texts)])
    .map(([, text]) => JSON.parse(`"${text}"`) as string)
    .join('')
}

const piece = fc.constantFrom('a ', 'SEC', 'RET-', 'S', 'A1B2', 'C3D4', ' z', '😀', '\n')
const pieces = fc.array(piece, { maxLength: 30 })
const anyCuts = fc.array(fc.nat(), { maxLength: 12 })

describe('the screen', () => {
  it('lets a clean stream through byte for byte, whatever its framing', () => {
    const chunks = [chat({ role: 'assistant', content: '' }), chat({ content: 'SECRETARY' }), chat({}, 'stop')]
    const stream = `: hi\n\n${chunks.join('')}${done}`
    expect(run(stream)).toBe(stream)
  })

  it('takes a secret out that is spread over events', () => {
    const parts = ['the key is SEC', 'RET-A1', 'B2C3', 'D4, keep it']
    const clean = run(parts.map((content) => chat({ content })).join('') + chat({}, 'stop') + done)
    expect(shown(clean)).toBe('the key is [REDACTED_SAMPLE], keep it')
    expect(clean.endsWith(chat({}, 'stop') + done)).toBe(true)
  })

  it('holds an event only while its text may still become a secret', () => {
    const screen = open()
    expect(screen.feed(Buffer.from(chat({ content: 'hello' })))).toHaveLength(1)
    expect(screen.feed(Buffer.from(chat({ content: ' SECRE' })))).toHaveLength(0)
    expect(Buffer.concat(screen.feed(Buffer.from(chat({ content: 'TARY' })))).toString()).toBe(
      chat({ content: ' SECRE' }) + chat({ content: 'TARY' }),
    )
  })

  it('shows the same text for any stream and any cut of its bytes as redaction of the whole text would', () => {
    fc.assert(
      fc.property(pieces, anyCuts, (texts, cuts) => {
        const stream = texts.map((content) => chat({ content })).join('') + chat({}, 'stop') + done
        const clean = run(stream, {}, cuts)
        expect(shown(clean)).toBe(fakeContent.redactSecrets(texts.join('')))
        expect(clean).toBe(run(stream))
      }),
    )
  })

  it('does the same for the arguments of tools, which stay valid JSON', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const args = JSON.stringify({ text: `\n${texts.join('')}`, n: 1 })
        const parts = args.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
        const stream = parts.map((part) => delta({ type: 'input_json_delta', partial_json: part }))
        const clean = run([...stream, block('content_block_stop', {})].join(''), { api: 'anthropic-messages' })
        const read = JSON.parse(shown(clean, 'partial_json')) as { text: string }
        expect(read.text).toBe(`\n${fakeContent.redactSecrets(texts.join(''))}`)
      }),
    )
  })

  it('releases at the end of a block what could have been a secret and was not', () => {
    const screen = open({ api: 'anthropic-messages' })
    const delta = block('content_block_delta', { delta: { type: 'text_delta', text: 'SECRET-' } })
    expect(screen.feed(Buffer.from(delta))).toEqual([])
    const stop = block('content_block_stop', {})
    expect(Buffer.concat(screen.feed(Buffer.from(stop))).toString()).toBe(delta + stop)
  })

  it('leaves signed thinking alone and counts it', () => {
    const thinking = block('content_block_delta', { delta: { type: 'thinking_delta', thinking: sampleSecret } })
    const tally = emptyTally()
    const screen = open({ api: 'anthropic-messages' }, tally)
    expect(Buffer.concat(screen.feed(Buffer.from(thinking))).toString()).toBe(thinking)
    expect(tally.textBytes).toBe(sampleSecret.length)
  })

  it('gives up after 256 held events and treats all of it as secret, once', () => {
    const pendingSecretLength = (text: string): number => (text.includes('<') ? text.length - text.indexOf('<') : 0)
    const endless = { ...fakeContent, pendingSecretLength }
    const texts = ['before ', '<', ...Array.from({ length: 600 }, () => 'x')]
    const stream = texts.map((content) => chat({ content })).join('')
    const screen = open({ content: endless })
    const out = Buffer.concat(screen.feed(Buffer.from(stream))).toString()
    expect(shown(out)).toBe('before [REDACTED_SUSPECTED]')
    expect(out.length).toBeGreaterThan(500 * 50) // events keep flowing
  })

  it('hands a clean chunk of whole events on as the very bytes it came as', () => {
    const screen = open()
    const chunk = Buffer.from(chat({ content: 'one' }) + chat({ content: ' two' }) + chat({}, 'stop') + done)
    expect(screen.feed(chunk)[0]).toBe(chunk)
  })

  it('stops before what ends an answer, wherever it is cut, and hands nothing out after it', () => {
    const cut = { rule: 'canary.seen', reason: 'a canary was said' }
    const find = (text: string) =>
      [...text.matchAll(/CANARY/g)].map(({ index }) => ({ type: 'canary', start: index, end: index + 6, cut }))
    const pending = (text: string): number => {
      for (let length = 5; length > 0; length--) if (text.endsWith('CANARY'.slice(0, length))) return length
      return 0
    }
    const content = forAnswers({ ...fakeContent, answerFinders: [{ find, pending }] })
    const parts = ['before ', 'CAN', 'ARY', ' after']
    const stream = parts.map((text) => chat({ content: text })).join('') + chat({}, 'stop') + done
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const bytes = Buffer.from(stream)
        const screen = open({ content })
        const places = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b)
        const out: Buffer[] = []
        for (const [index, to] of [...places, bytes.length].entries()) {
          if (!screen.cut) out.push(...screen.feed(bytes.subarray(places[index - 1] ?? 0, to)))
        }
        expect(screen.cut).toEqual(cut)
        expect(shown(Buffer.concat(out).toString())).toBe('before ')
      }),
    )
  })

  it('redacts texts that come whole inside other events', () => {
    const found = { type: 'web_result', content: [{ title: sampleSecret }] }
    const result = block('content_block_start', { content_block: found })
    expect(run(result, { api: 'anthropic-messages' })).toBe(result.replace(sampleSecret, '[REDACTED_SAMPLE]'))
  })

  it('keeps the usage chunk from the client only when we asked for it', () => {
    const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } })}\n\n`
    const stream = chat({ content: 'hi' }) + usage + done
    expect(run(stream)).toBe(stream)
    expect(run(stream, { dropUsage: true })).toBe(chat({ content: 'hi' }) + done)
  })

  it('puts a neutral error in the place of the provider’s where it is told to', () => {
    const error = block('error', { error: { type: 'overloaded_error', message: 'quota' } })
    const clean = run(error, { api: 'anthropic-messages', replaceError: () => 'event: error\ndata: {}\n\n' })
    expect(clean).toBe('event: error\ndata: {}\n\n')
  })

  it('never settles below the text it saw when the stream broke off', () => {
    const tally = emptyTally()
    open({}, tally).feed(Buffer.from(chat({ content: 'ä'.repeat(50) })))
    const usage = usageOf(tally, 'openai-completions', 400)
    expect(usage).toMatchObject({ inputTokens: 400, outputTokens: 100, exact: false })
  })

  it('works with the real content room, for any cut of a real-looking key', () => {
    const key = ['gh', 'p_'].join('') + 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
    const content: ModelContent = { findSecrets, pendingSecretLength, redactSecrets }
    const text = `export TOKEN=\n${key}\nthat is all`
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), anyCuts, (size, cuts) => {
        const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g'))!
        const stream = parts.map((part) => chat({ content: part })).join('') + chat({}, 'stop') + done
        const clean = run(stream, { content }, cuts)
        expect(shown(clean)).toBe(redactSecrets(text))
        expect(clean).not.toContain(key.slice(4, 14))
      }),
      { numRuns: 40 },
    )
  })
})
