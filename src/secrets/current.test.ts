import { beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { createCurrent, type CurrentSecrets } from './current.ts'
import { SteppedClock } from './vault/vault.test.kit.ts'

let clock: SteppedClock
let value: string | null | Error
let looks: number
let current: CurrentSecrets
beforeEach(() => {
  clock = new SteppedClock()
  value = 'one'
  looks = 0
  current = createCurrent(
    async () => {
      looks++
      const found = value
      await Promise.resolve()
      if (found instanceof Error) throw found
      return found === null ? null : new Secret(found)
    },
    { clock },
  )
})

/** What a caller gets without waiting; `undefined`: it would have to wait. */
function atOnce(): string | undefined {
  const given = current.get('KEY')
  if (given instanceof Promise) given.catch(() => null)
  return given instanceof Secret ? given.reveal() : undefined
}

/** Lets what is under way in the background come to its end. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the current secret', () => {
  it('is there at once for whoever comes next, and looked up once for all who come together', async () => {
    expect(atOnce()).toBeUndefined()
    await Promise.all([current.get('KEY'), current.get('KEY')])
    expect([atOnce(), looks]).toEqual(['one', 1])
  })

  it('is looked up in the background after some seconds, and the next caller has the new one', async () => {
    await current.get('KEY')
    value = 'two'
    clock.ms = 5_000
    expect([atOnce(), atOnce()]).toEqual(['one', 'one'])
    await settled()
    expect([atOnce(), looks]).toEqual(['two', 2])
  })

  it('is not given unlooked at after a minute', async () => {
    await current.get('KEY')
    value = 'two'
    clock.ms = 60_000
    expect((await current.get('KEY'))?.reveal()).toBe('two')
  })

  it('is gone when the look fails or finds nothing, with the reason for the next caller', async () => {
    await current.get('KEY')
    value = new Error('denied')
    clock.ms = 5_000
    atOnce()
    await settled()
    await expect(current.get('KEY')).rejects.toThrow('denied')
    value = null
    expect(await current.get('KEY')).toBeNull()
  })

  it('is looked up anew when it was forgotten', async () => {
    await current.get('KEY')
    value = 'two'
    current.forget('KEY')
    expect((await current.get('KEY'))?.reveal()).toBe('two')
  })

  it('does not take what a look found that began before it was forgotten', async () => {
    const early = current.get('KEY')
    value = 'two'
    current.forget('KEY')
    expect((await early)?.reveal()).toBe('one')
    expect((await current.get('KEY'))?.reveal()).toBe('two')
    expect(atOnce()).toBe('two')
  })
})
