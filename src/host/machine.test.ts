import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { machineBelow } from './machine.ts'

let root: string
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'machine-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a machine whose files lie below a folder', () => {
  it('sees a folder that was not there when it was asked before', async () => {
    const machine = machineBelow(root)
    expect(await machine.text('/etc/jail.d/own')).toBeNull()
    mkdirSync(join(root, 'etc/jail.d'), { recursive: true })
    writeFileSync(join(root, 'etc/jail.d/own'), 'x')
    expect(await machine.text('/etc/jail.d/own')).toBe('x')
    expect(await machine.status('/etc/jail.d/own')).toMatchObject({ kind: 'file' })
  })

  it('reads what its links lead to in it, and nothing outside', async () => {
    const machine = machineBelow(root)
    mkdirSync(join(root, 'etc'))
    writeFileSync(join(root, 'etc/inside'), 'inside')
    symlinkSync('/etc/inside', join(root, 'etc/link'))
    symlinkSync('/', join(root, 'top'))
    symlinkSync(`../../..${root}/../elsewhere`, join(root, 'etc/out'))
    expect(await machine.text('/etc/link')).toBe('inside')
    expect(await machine.text('/top/etc/inside')).toBe('inside')
    expect(await machine.text('/../../etc/inside')).toBe('inside')
    expect(await machine.text('/etc/out')).toBeNull()
    await expect(machine.text('/etc')).rejects.toThrow('not a file')
    await expect(machine.text('/etc/inside', 3)).rejects.toThrow('larger than 3 bytes')
  })
})
