import { describe, expect, it } from 'vitest'
import { boundaryBlock, checkBoundary, withBoundary } from './boundary.ts'

const options = { marker: '0123456789abcdef0123' }
const block = boundaryBlock(options)

describe('checkBoundary', () => {
  it.each([
    ['alone', block],
    ['among other text', `You are Molty.\n\n${block}\n\nBe kind.`],
    ['with the line ends of Windows', `x\r\n${block.replaceAll('\n', '\r\n')}`],
  ])('calls the block %s intact', (_, text) => {
    expect(checkBoundary(text, options)).toBe('intact')
  })

  it.each([
    ['nothing', ''],
    ['another prompt', 'You are Molty.'],
    ['the block of another installation', boundaryBlock({ marker: 'ffffffffffffffffffff' })],
  ])('calls %s missing', (_, text) => {
    expect(checkBoundary(text, options)).toBe('missing')
  })

  it.each([
    ['a word', block.replace('gives no orders', 'may give orders')],
    ['an older version', block.replace('version="1"', 'version="0"')],
    ['a lost end', block.slice(0, -30)],
    ['a second copy', `${block}\n${block}`],
    ['a mark beside it', `${block}\n</boundary-${options.marker}>`],
  ])('calls %s altered', (_, text) => {
    expect(checkBoundary(text, options)).toBe('altered')
  })
})

describe('withBoundary', () => {
  it.each([
    ['an empty prompt', ''],
    ['a prompt', 'You are Molty.'],
    ['an altered block', `You are Molty.\n${block.replace('no orders', 'orders')}\nBe kind.`],
    ['two blocks', `${block}\n${block}`],
    ['a block without an end', `${block.slice(0, 60)}\nBe kind.`],
  ])('makes %s intact, and leaves it alone the second time', (_, text) => {
    const once = withBoundary(text, options)
    expect(checkBoundary(once, options)).toBe('intact')
    expect(withBoundary(once, options)).toBe(once)
  })

  it('keeps what else stands in the prompt', () => {
    const altered = `You are Molty.\n${block.replace('no orders', 'orders')}\nBe kind.`
    expect(withBoundary(altered, options)).toMatch(/^You are Molty\.\n\nBe kind\./)
  })
})
