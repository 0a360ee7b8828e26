import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { piecesOf } from './body-texts.ts'

const needle = 'find-me-if-you-can-0123456789'
const filler = (length: number): string => 'lorem ipsum dolor sit amet '.repeat(Math.ceil(length / 27)).slice(0, length)

async function shows(text: string): Promise<boolean> {
  let seen = false
  for await (const piece of piecesOf(text)) seen ||= piece.includes(needle)
  return seen
}

describe('the pieces of a body', () => {
  it.each([0, 1, 12_270, 12_287, 12_288, 16_370, 16_384, 24_576, 50_000])('hold what stands at %i, whole', async (place) => {
    expect(await shows(filler(place) + needle + filler(20_000))).toBe(true)
  })

  it.each([
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
    ['base64 for URLs', (text: string) => Buffer.from(text).toString('base64url')],
    ['base64 with letters in front', (text: string) => `AAA${Buffer.from(text).toString('base64')}`],
    ['base64 in lines', (text: string) => Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n')],
    ['base64 in JSON, in lines', (text: string) => JSON.stringify({ file: Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\n') })],
    ['hex', (text: string) => Buffer.from(text).toString('hex')],
    ['base64 in base64', (text: string) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64')],
    ['UTF-16', (text: string) => Buffer.from(text, 'utf16le').toString('latin1')],
    ['bytes around it, in base64', (text: string) => Buffer.concat([gzipSync('x'), Buffer.from(text), gzipSync('y')]).toString('base64')],
  ])('hold what is hidden in a long run of %s', async (_how, hide) => {
    expect(await shows(hide(filler(300_000) + needle + filler(300_000)))).toBe(true)
  })

  it('of nothing is one empty piece', async () => {
    expect((await piecesOf('').next()).value).toBe('')
  })
})
