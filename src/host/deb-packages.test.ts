import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDebVersions, parsePackages } from './deb-packages.ts'

// Debian policy manual, 5.6.12, and what dpkg --compare-versions answers.
const older = [['1.0~rc1', '1.0'], ['1.0', '1.0-1'], ['1.0-1', '1.0-1+deb12u1'], ['9', '10'], ['10', '1:9'], ['3.0.9-1~deb12u3', '3.0.17-1~deb12u2'], ['1.0a', '1.0+'], ['2.36-9+deb12u9', '2.36-9+deb12u13'], ['1.0~~', '1.0~'], ['0.9', '0.10']] as const
const version = fc.stringMatching(/^(\d:)?\d[\da-z.+~]{0,6}(-[\da-z.+~]{1,4})?$/)

describe('versions of Debian', () => {
  it.each(older)('%s is older than %s', (a, b) => {
    expect(compareDebVersions(a, b)).toBeLessThan(0)
    expect(compareDebVersions(b, a)).toBeGreaterThan(0)
  })

  it('have one order', () => {
    fc.assert(fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareDebVersions(a, b)) + Math.sign(compareDebVersions(b, a))).toBe(0)
      if (compareDebVersions(a, b) <= 0 && compareDebVersions(b, c) <= 0) expect(compareDebVersions(a, c)).toBeLessThanOrEqual(0)
    }))
  })
})

describe('a list of packages', () => {
  it('tells what is installed', () => {
    expect(parsePackages('Package: a\nStatus: install ok installed\nVersion: 1\nDescription: x\n Package: no\n\nPackage: b\nStatus: deinstall ok config-files\nVersion: 2\n')).toEqual([{ name: 'a', version: '1', installed: true }, { name: 'b', version: '2', installed: false }])
  })
})
