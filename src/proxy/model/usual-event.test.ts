import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectsOf, type JsonObject } from './json-text.ts'
import { addPiece, type Piece } from './pieces.ts'
import { UsualEvent } from './usual-event.ts'

function event(content: string, more: object = {}): { data: string; piece: Piece } {
  const json = { id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }] }
  const pieces: Piece[] = []
  addPiece(pieces, json.choices[0]!.delta, 'content', '0:content', 'text')
  return { data: JSON.stringify(json), piece: pieces[0]! }
}

function read(json: JsonObject): Piece[] {
  const pieces: Piece[] = []
  for (const { delta } of objectsOf(json.choices)) addPiece(pieces, delta as JsonObject, 'content', '0:content', 'text')
  return pieces
}

function learnt(content: string): UsualEvent {
  const usual = new UsualEvent()
  const { data, piece } = event(content)
  usual.learn(data, piece, read)
  return usual
}

describe('an event like the one before', () => {
  it('is read without being parsed', () => {
    expect(learnt('one').read(event(' two, three').data)).toEqual({ slot: '0:content', kind: 'text', text: ' two, three' })
  })

  it('is read as a parser would read it, whatever its text is, or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = learnt('one').read(event(text).data)
        if (read !== null) expect(read.text).toBe(text)
        else expect(text === '' || JSON.stringify(text) !== `"${text}"`).toBe(true)
      }),
    )
  })

  it.each([
    ['says more', event('two', { extra: 1 }).data],
    ['ends the answer', event('two').data.replace('null', '"stop"')],
    ['is of another choice', event('two').data.replace('"index":0', '"index":1')],
    ['has a text that ends early and goes on as JSON', event('two').data.replace('two', 'two","finish_reason":"stop')],
    ['has an escape', event('two\n').data],
    ['is cut', event('two').data.slice(0, -1)],
    ['is nothing', ''],
  ])('is parsed when it %s', (_, data) => {
    expect(learnt('one').read(data)).toBeNull()
  })

  it('is not learnt when its text stands in it twice, or not as it is', () => {
    expect(learnt('x').read(event('y').data), 'the id is the same word').toBeNull()
    const usual = new UsualEvent()
    const { data, piece } = event('é')
    usual.learn(data.replace('é', '\\u00e9'), piece, read)
    expect(usual.read(data)).toBeNull()
  })

  it('is not learnt from a text that is spelled with escapes, and stands plainly where nobody reads it', () => {
    const usual = new UsualEvent()
    const { data, piece } = event('one', { note: 'one' })
    const spelled = data.replace('"content":"one"', '"content":"\\u006fne"')
    expect(JSON.parse(spelled)).toEqual(JSON.parse(data))
    usual.learn(spelled, piece, read)
    expect(usual.read(spelled)).toBeNull()
  })
})
