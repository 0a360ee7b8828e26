import { describe, expect, it } from 'vitest'
import { impurities, pureRooms } from './purity.ts'
import { files, isCode } from './tree.ts'

const impure = (text: string): string[] => impurities([{ path: 'src/policy/decide.ts', text }])

describe('pure rooms stay pure', () => {
  for (const room of pureRooms) {
    it(`holds for ${room}`, () => {
      expect(impurities(files((path) => path.startsWith(`src/${room}/`) && isCode(path)))).toEqual([])
    })
  }

  it('sees a node: import, also of types', () => {
    expect(impure("import { join } from 'node:path'")).toEqual(['src/policy/decide.ts: imports node:path'])
    expect(impure("import type { Stats } from 'node:fs'")).toEqual(['src/policy/decide.ts: imports node:fs'])
  })

  it('sees the environment, the clock and chance', () => {
    expect(impure('\nconst home = process.env.HOME')).toEqual(['src/policy/decide.ts:2: uses process'])
    for (const text of ['Date.now()', 'new Date()', 'Math.random()', 'const { now } = performance', 'fetch(url)']) {
      expect(impure(text)).toHaveLength(1)
    }
  })

  it('leaves alone what only sounds like it', () => {
    expect(impure('const a = { process: 1 }; use(a.process, new Date(0))')).toEqual([])
  })
})
