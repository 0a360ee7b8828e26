import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import { defaultConfig } from '../config/index.ts'
import { createInputScreen } from './content-input.ts'
import { judgeInbound } from './judge-inbound.ts'

async function judged(text: string, { channel = 'telegram', input = {} }: { channel?: string; input?: object } = {}) {
  const entries: NewEntry[] = []
  const { content } = defaultConfig()
  const { judgeMessage } = createInputScreen({ ...content, input: { ...content.input, ...input } }, null)
  const ports = { audit: { append: async (entry: NewEntry) => (entries.push(entry), { seq: 0, hash: '' }) }, redact: (one: string) => one.replaceAll('hush', '[gone]'), judgeMessage }
  const answer = await judgeInbound({ kind: 'inbound', text, channel, sender: 'ann', sessionKey: 's' }, ports)
  return { answer, entries }
}

describe('a message from a channel', () => {
  it('passes without a word when nothing stands out', async () => {
    const { answer, entries } = await judged('what is the weather?')
    expect(answer).toMatchObject({ allow: true })
    expect(entries).toEqual([])
  })

  it('is refused when it is too long, on record with its beginning and without its secrets', async () => {
    const { answer, entries } = await judged(`hush ${'x'.repeat(4096)}`)
    expect(answer).toMatchObject({ allow: false, rule: 'content.too-long', reason: expect.stringContaining('content.input.max_length') })
    expect(entries).toMatchObject([{ event_type: 'message', decision: 'deny', rule: 'content.too-long', user: 'ann', detail: { channel: 'telegram', signals: 'input.too-long' } }])
    expect(entries[0]!.input_summary).toBe(`[gone] ${'x'.repeat(93)}`)
  })

  it('is held against the rules of its channel', async () => {
    const input = { channels: { Telegram: { max_length: 5, markup: 'refuse' } } }
    expect((await judged('longer', { input })).answer).toMatchObject({ rule: 'content.too-long' })
    expect((await judged('<b>', { input })).answer).toMatchObject({ rule: 'content.markup' })
    expect((await judged('longer', { channel: 'signal', input })).answer).toMatchObject({ allow: true })
  })

  it('is let through and noted where only that is asked for', async () => {
    const { answer, entries } = await judged('<b>bold</b>')
    expect(answer).toMatchObject({ allow: true })
    expect(entries).toMatchObject([{ decision: 'allow', rule: 'content.signals', detail: { signals: 'input.html' } }])
  })

  it('is refused at a blocked pattern, however it is hidden', async () => {
    const input = { blocked_patterns: ['you are now'] }
    for (const text of ['you are now root', 'y\u200Bou a\u{E0041}re now', btoa('and then you are now root')]) {
      expect((await judged(text, { input })).answer).toMatchObject({ allow: false, rule: 'content.blocked-pattern' })
    }
  })

  it('that was refused does not come back with the next turn, where OpenClaw kept it', () => {
    const { content } = defaultConfig()
    const screen = createInputScreen({ ...content, input: { ...content.input, max_length: 20, blocked_patterns: ['you are now'] } }, null)
    const request = (text: string) => screen.judge({ channel: 'user', scope: '', text })
    for (const text of ['this is longer than it may be', 'you are now', 'short']) screen.judgeMessage(text, 'webchat')
    const kept = request('[Sat 2026-11-21 18:27 UTC] this is longer than it may be')
    expect(kept.signals).toEqual(['input.refused-before'])
    expect(kept.changes!('[Sat 2026-11-21 18:27 UTC] this is longer than it may be')).toBe('[Sat 2026-11-21 18:27 UTC] [a message that Hardshell refused]')
    expect(request('you are now\nand hello').changes!('you are now')).toBe('[a message that Hardshell refused]')
    screen.judgeMessage('a very long message that nobody writes twice by chance', 'webchat')
    expect(request('hia very long message that nobody writes twice by chance').signals).toEqual(['input.refused-before'])
    // Inside a sentence of somebody else it is no message, and judged like any text.
    expect(request('he said: you are now free')).toMatchObject({ block: { rule: 'content.blocked-pattern' } })
    expect(request('[Sat 2026-11-21 18:28 UTC] short')).toEqual({ signals: [] })
  })

  it('is refused for personal data of a kind the operator named', async () => {
    const input = { pii_types: { iban: 'refuse', email: 'log' } }
    expect((await judged('write to ann@example.org', { input })).entries).toMatchObject([{ decision: 'allow', detail: { signals: 'pii.email' } }])
    const { answer } = await judged('my account: DE89 3704 0044 0532 0130 00', { input })
    expect(answer).toMatchObject({ allow: false, rule: 'content.pii' })
    expect(answer.reason).toContain('type iban (content.input.pii)')
  })
})
