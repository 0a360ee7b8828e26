import { describe, expect, it } from 'vitest'
import { askAll } from './ask-all.ts'

describe('asking about each of a list', () => {
  it('gives the answers in its order, whichever comes first', async () => {
    expect(await askAll(Array.from({ length: 100 }, (_, i) => i), async (i) => {
      for (let turn = 0; turn < 100 - i; turn++) await Promise.resolve()
      return i * 2
    })).toEqual(Array.from({ length: 100 }, (_, i) => i * 2))
    expect(await askAll([], async () => await Promise.resolve(1))).toEqual([])
  })

  it('never has more than sixteen questions open', async () => {
    let [open, most] = [0, 0]
    await askAll(Array.from({ length: 200 }), async () => {
      most = Math.max(most, ++open)
      await Promise.resolve()
      open--
    })
    expect(most).toBe(16)
  })

  it('fails with the first that fails, and asks no further', async () => {
    const asked: number[] = []
    await expect(askAll(Array.from({ length: 1000 }, (_, i) => i), async (i) => {
      asked.push(i)
      await Promise.resolve()
      if (i === 20) throw new Error('number 20')
    })).rejects.toThrow('number 20')
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    expect(asked.length).toBeLessThan(60)
  })
})
