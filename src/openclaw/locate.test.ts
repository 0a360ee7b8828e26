import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { locateOpenClaw } from './locate.ts'

function installed(at: string, name = 'openclaw'): string {
  const root = join(at, 'node_modules', 'openclaw')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '1.2.3' }))
  writeFileSync(join(root, 'openclaw.mjs'), '')
  return root
}
const folder = (): string => mkdtempSync(join(tmpdir(), 'locate-'))

describe('locateOpenClaw', () => {
  it('finds it in a folder above, as Node would', () => {
    const top = folder()
    const packageRoot = installed(top)
    expect(locateOpenClaw({ folders: [join(top, 'a', 'b')] })).toEqual({ packageRoot, entry: join(packageRoot, 'openclaw.mjs'), version: '1.2.3' })
  })

  it('finds it through a link in PATH', () => {
    const top = folder()
    const packageRoot = installed(top)
    mkdirSync(join(top, 'bin'))
    symlinkSync(join(packageRoot, 'openclaw.mjs'), join(top, 'bin', 'openclaw'))
    expect(locateOpenClaw({ folders: [], path: join(top, 'bin') }).packageRoot).toBe(packageRoot)
  })

  it('takes an explicit package folder or nothing', () => {
    const packageRoot = installed(folder())
    expect(locateOpenClaw({ explicit: packageRoot, folders: [] }).version).toBe('1.2.3')
    expect(() => locateOpenClaw({ explicit: '/nowhere/openclaw', folders: [join(packageRoot, '..', '..')] })).toThrow('there is nothing at /nowhere/openclaw')
    expect(() => locateOpenClaw({ explicit: '/etc', folders: [join(packageRoot, '..', '..')] })).toThrow('/etc is not an openclaw package')
  })

  it('finds what a script in PATH stands for, and passes over one that stands for nothing', () => {
    const [top, other] = [folder(), folder()]
    const packageRoot = installed(join(top, 'lib'))
    for (const bin of [join(other, 'bin'), join(top, 'bin')]) {
      mkdirSync(bin)
      writeFileSync(join(bin, 'openclaw'), '#!/bin/sh\n')
    }
    expect(locateOpenClaw({ folders: [], path: `${join(other, 'bin')}:${join(top, 'bin')}` }).packageRoot).toBe(packageRoot)
  })

  it('refuses a package that only lies under the name', () => {
    const top = folder()
    installed(top, 'something-else')
    expect(() => locateOpenClaw({ folders: [top] })).toThrow(/does not describe openclaw/)
  })

  it('names every place it looked at and the command that helps', () => {
    expect(() => locateOpenClaw({ folders: ['/nowhere-at-all'], path: '' })).toThrow(/no openclaw in \/nowhere-at-all/)
  })
})

describe('a program somebody else could change', () => {
  it('is not run, whoever finds it first', () => {
    const packageRoot = installed(folder())
    chmodSync(packageRoot, 0o777)
    expect(() => locateOpenClaw({ explicit: packageRoot, folders: [] })).toThrow(/can be changed by others/)
    chmodSync(packageRoot, 0o755)
    chmodSync(join(packageRoot, 'openclaw.mjs'), 0o666)
    expect(() => locateOpenClaw({ explicit: packageRoot, folders: [] })).toThrow(/openclaw\.mjs can be changed by others/)
  })
})
