import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAdvisories, sealAdvisories, type AdvisoryFile } from './advisory-file.ts'
import { fixedVersion, standingOf, type Advisory } from './advisory.ts'
import { updateAdvisories } from './update.ts'

const hole: Advisory = { id: 'CVE-2000-00001', package: 'openclaw', affected: [{ introduced: null, fixed: '2026.4.22' }], severity: 'high', title: 'a hole', source: 'this test', published: null }
const sealed = (more: Partial<AdvisoryFile>): string => sealAdvisories({ date: '2026-11-20', origin: 'this test', licence: 'MIT', advisories: [hole], ...more })

describe('a list somebody forged, and sealed well', () => {
  it.each([
    ['names no hole, so that nothing has one', sealed({ advisories: [] }), 'names no hole'],
    ['is of a day there is not', sealed({ date: '2026-99-99' }), 'date'],
    ['clears the screen by its origin', sealed({ origin: 'a list\u001b[2J' }), 'control characters'],
    ['turns a title around', sealed({ advisories: [{ ...hole, title: 'a hole \u202efdp.exe' }] }), 'control characters'],
  ])('is refused when it %s', (_, text, why) => {
    expect(() => readAdvisories(text, 'it')).toThrow(why)
  })

  it('of a day to come does not make every true list the older one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forged-'))
    try {
      writeFileSync(join(folder, 'list.json'), sealed({ date: '9999-12-31' }))
      const update = { from: join(folder, 'list.json'), to: join(folder, 'in-use.json'), force: false }
      await expect(updateAdvisories(update, Date.parse('2026-11-21'))).rejects.toThrow('has not come yet')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a range', () => {
  it('that ends before it begins is nobody\'s word that a version is safe', () => {
    expect(standingOf({ ...hole, affected: [{ introduced: '2026.3.1', fixed: '2026.2.1' }] }, '2026.2.15')).toBe('unknown')
  })

  it('whose end nobody can read is no version to install, and ends nothing', () => {
    const odd: Advisory = { ...hole, affected: [{ introduced: null, fixed: 'git+https://example.com/x' }, { introduced: null, fixed: '2026.4.22' }] }
    expect(fixedVersion([odd], '2026.4.1')).toBe('2026.4.22')
  })
})
