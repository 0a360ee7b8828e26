import { describe, expect, it } from 'vitest'
import { isBroad, isInterpreter } from './safe-bins.ts'
import { isMutableFolder, isTemporaryFolder } from './mutable-folders.ts'

describe('programs that run unasked', () => {
  it('are interpreters under every spelling', () => {
    for (const program of ['python3', 'Python3.12', '/usr/bin/node', '**/node*', 'C:\\tools\\pwsh.exe', 'bash', 'ruby2.7']) expect(isInterpreter(program), program).toBe(true)
    for (const program of ['git', 'nodemon-report', 'head', '', 'bashful', '/usr/bin/shuf']) expect(isInterpreter(program), program).toBe(false)
  })

  it('are broad when they run or read more than their input', () => {
    expect(['jq', '/usr/bin/sed', 'gawk', 'cut', 'sort'].map(isBroad)).toEqual([true, true, true, false, false])
  })

  it('come from folders that others write', () => {
    expect(['/tmp', '/tmp/x', 'bin', './x', '/dev/shm/y', '/opt/x', '~/bin', '/tmpfiles'].map(isTemporaryFolder)).toEqual([true, true, true, true, true, false, false, false])
    expect(['/usr/local/bin/', '~/bin', '/home/ann/bin', '/opt/homebrew/bin', '/usr/bin', '/srv/.local/bin'].map(isMutableFolder)).toEqual([true, true, true, true, false, true])
  })
})
