import { describe, expect, it } from 'vitest'
import { dangers } from './dangers.ts'
import { files, isCode } from './tree.ts'

const seen = (text: string): string[] => dangers([{ path: 'a.ts', text }])

describe('no text becomes code', () => {
  it('holds in the tree', () => {
    expect(dangers(files((path) => isCode(path) && !path.includes('fixtures/')))).toEqual([])
  })

  it('sees eval and its relatives', () => {
    expect(seen("eval('1')")).toEqual(['a.ts:1: eval runs text as code'])
    expect(seen("new Function('return 1')")).toHaveLength(1)
    expect(seen("globalThis.eval('1')")).toHaveLength(1)
    expect(seen("db.exec('PRAGMA user_version')")).toEqual([])
  })

  it('sees a shell, by function and by option', () => {
    expect(seen("import { exec } from 'node:child_process'")).toEqual(['a.ts:1: exec of child_process starts a shell'])
    expect(seen("import { spawn } from 'node:child_process'\nspawn('ls', [], { shell: true })")).toEqual([
      'a.ts:2: the option shell starts a shell',
    ])
    expect(seen("import { spawn } from 'node:child_process'\nspawn('ls', ['-l'])")).toEqual([])
  })

  it('sees chance that can be foreseen', () => {
    expect(seen('const id = Math.random()')).toHaveLength(1)
  })
})
