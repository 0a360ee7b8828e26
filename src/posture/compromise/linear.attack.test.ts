import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { admitIndicators } from './admit.ts'
import { behaviours } from './behaviours.ts'
import { shippedIndicators } from './indicator-list.ts'
import { hiddenTexts } from './layers.ts'
import { compileIndicators } from './match-indicators.ts'
import { scanText } from './scan-text.ts'

const known = { indicators: compileIndicators(admitIndicators(shippedIndicators)), behaviours }
const [small, large] = [6000, 48_000]
// Eight times the text: a linear rule takes eight times as long, a quadratic one sixty-four times.
const mostTimes = 28
// Under this a processor's clock counts nothing but itself; a quadratic rule is far above it at this length.
const noiseMicros = 20_000

const filled = (units: number, [start, part, end = '']: readonly string[]): string => start! + part!.repeat(Math.ceil(units / part!.length)).slice(0, units) + end

/** Microseconds of the processor, the least of three: what others do on the machine does not count. */
function cost(work: () => unknown): number {
  return Math.min(...[1, 2, 3].map(() => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return user + system
  }))
}

function isSlow(find: (text: string) => unknown, shape: readonly string[]): boolean {
  find(filled(small, shape)) // compiled
  const more = cost(() => find(filled(large, shape)))
  return more > noiseMicros && more > mostTimes * cost(() => find(filled(small, shape)))
}

const classes = ['a', 'c', 'A', '-', '.', '/', '\\', ' ', '\t', '\n', '"', '=', '1', '1 ', 'a-', 'a.', 'a/', '>/home/', 'http://', 'sh', '<svg ', '{', '(']

/** Openings that never close: what a rule finds, cut off at each word, and then more of anything; and the cut piece over and over. */
function shapesOf(examples: readonly string[]): (readonly string[])[] {
  const starts = [...new Set(examples.flatMap((one) => [...one.slice(0, 160).matchAll(/\b|$/g)].map(({ index }) => one.slice(0, index))))]
  return [...starts.slice(0, 24).flatMap((start) => classes.slice(0, 14).map((part) => [start, part, '_'])), ...starts.filter((start) => start !== '').map((start) => ['', start]), ...classes.flatMap((part) => [['fetch(', part], ['curl ', part]])]
}

describe('every rule takes time in proportion to the text', () => {
  it.each(behaviours.map((one) => [one.id, one] as const))('%s', (_, one) => {
    expect(shapesOf(one.examples.hit).filter((shape) => isSlow((text) => one.find(text), shape))).toEqual([])
  }, 60_000)
})

describe('a text made to be slow', () => {
  const address = '91.92.242.30'
  it.each([
    ['one address over and over', ['', `${address}\n`]],
    ['searches for it in one line', ['grep ', ` ${address}`]],
    ['base64 of nothing', ['', 'QUJD']],
    ['blobs that begin like gzip', ['', 'H4sIAAAAAAAAA+']],
    ['letters drawn alike', ['', 'а\u200b']],
    ['seams', ['', "'a' + "]],
    ['lines that go on', ['', '\\\n']],
    ['numbers', ['', '99, ']],
    ['octal', ['', '\\143']],
  ] as const)('is looked at in proportion: %s', (_, shape) => {
    const scan = (text: string): unknown => scanText(text, 'history', known)
    expect(isSlow(scan, shape)).toBe(false)
  }, 60_000)

  it('does not unzip to more than four times a window, however many bombs are in it', () => {
    const bomb = gzipSync(Buffer.alloc(250_000, 'curl ')).toString('base64')
    const units = hiddenTexts(`${bomb} `.repeat(300)).reduce((sum, { text }) => sum + text.length, 0)
    expect(units).toBeLessThan(4 * 1_048_576)
  })

  it('of eight known addresses is told eight times, and the one that was gone to behind searches is told too', () => {
    const history = `${`grep ${address} log\n`.repeat(50)}curl http://${address}/x\n`
    const found = scanText(history, 'history', known)
    expect(found.filter(({ confidence }) => confidence === 'likely')).toHaveLength(8)
    expect(found.some(({ id, confidence }) => id === 'clawhavoc.authtool-server' && confidence === 'certain')).toBe(true)
  })
})
