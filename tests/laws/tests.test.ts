import { describe, expect, it } from 'vitest'
import { idleTests, silencedTests } from './tests.ts'
import { files } from './tree.ts'

const isTestFile = (path: string): boolean => path.endsWith('.test.ts')
const made = (text: string) => [{ path: 'a.test.ts', text }]

describe('tests run and can fail', () => {
  it('holds: none is silenced', () => {
    expect(silencedTests(files(isTestFile))).toEqual([])
  })

  it('holds: each asserts', () => {
    expect(idleTests(files(isTestFile))).toEqual([])
  })

  it('sees a silenced test', () => {
    expect(silencedTests(made("\nit.only('a', () => { expect(1).toBe(1) })"))).toEqual(['a.test.ts:2: it.only'])
    for (const text of ["describe.skip('a', f)", "it.todo('a')", "it.each([1]).skip('a', f)"]) {
      expect(silencedTests(made(text))).toHaveLength(1)
    }
    expect(silencedTests(made("it.skipIf(noPodman)('a', f)"))).toEqual([])
  })

  it('sees a test without an assertion', () => {
    expect(idleTests(made("it('a', () => { run() })"))).toEqual(['a.test.ts:1: a test without an assertion'])
    expect(idleTests(made("it.each([1])('a', (n) => { run(n) })"))).toHaveLength(1)
    expect(idleTests(made("it('a', () => { expectRefusal(run()) })"))).toEqual([])
  })

  it('sees a test file without a test', () => {
    expect(idleTests(made('export {}'))).toEqual(['a.test.ts: no test in a test file'])
  })
})
