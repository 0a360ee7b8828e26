import { describe, expect, it } from 'vitest'
import { uploadTurns } from './upload-turns.ts'

const clear = `/bin/sh -c 'find "$1" -exec rm -rf -- {} +' openclaw-sandbox-clear '/w/skills'`
const upload = `/bin/sh -c 'tar -xf - -C "$1"' 'openclaw-sandbox-upload' '/w/skills'`

/** What came to its turn, in order. */
async function settled(promises: Promise<unknown>[]): Promise<boolean[]> {
  const done = promises.map(() => false)
  promises.forEach((promise, at) => void promise.then(() => (done[at] = true)))
  await new Promise((resolve) => setTimeout(resolve, 5))
  return done
}

describe('the turns of uploads', () => {
  it('let one command of a cell at its folders at a time, in the order they came', async () => {
    const turns = uploadTurns()
    const [first, second, third] = [turns.take('main', clear), turns.take('main', upload), turns.take('main', clear)]
    expect(await settled([first, second, third])).toEqual([true, false, false])
    ;(await first)()
    expect(await settled([second, third])).toEqual([true, false])
    ;(await second)()
    expect(await settled([third])).toEqual([true])
  })

  it('hold up neither other commands nor other cells', async () => {
    const turns = uploadTurns()
    void turns.take('main', upload)
    expect(await settled([turns.take('main', 'echo openclaw-sandbox-uploads'), turns.take('second', upload)])).toEqual([true, true])
  })

  it('wait no longer than they have patience for one that never ends', async () => {
    const turns = uploadTurns(20)
    void turns.take('main', upload)
    expect(await turns.take('main', upload)).toBeTypeOf('function')
  })
})
