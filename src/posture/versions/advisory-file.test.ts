import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf, readAdvisories, sealAdvisories, type AdvisoryFile } from './advisory-file.ts'
import { updateAdvisories } from './update.ts'

const content = (date: string): Omit<AdvisoryFile, 'sha256'> => ({
  date,
  origin: 'this test',
  licence: 'MIT',
  advisories: [{ id: 'CVE-2000-00001', package: 'openclaw', affected: [{ introduced: null, fixed: '2026.4.22' }], severity: 'high', title: 'a hole', source: 'this test', published: null }],
})

describe('a file of advisories', () => {
  it('is read as it was sealed', () => {
    expect(readAdvisories(sealAdvisories(content('2026-11-20')), 'it')).toEqual({ ...content('2026-11-20'), sha256: digestOf(content('2026-11-20')) })
  })

  it.each([
    ['a range was widened', (text: string) => text.replace('2026.4.22', '2026.4.23')],
    ['its date was moved', (text: string) => text.replace('2026-11-20', '2026-11-21')],
    ['a record was renamed', (text: string) => text.replace('CVE-2000-00001', 'CVE-2000-00002')],
  ])('is refused when %s', (_, change) => {
    expect(() => readAdvisories(change(sealAdvisories(content('2026-11-20'))), 'it')).toThrow('its digest is another')
  })

  it('is refused without a digest, with a digest of something else, or cut short', () => {
    const sealed = sealAdvisories(content('2026-11-20'))
    expect(() => readAdvisories(sealed.replace(/ *"sha256".*\n/, ''), 'it')).toThrow('sha256')
    expect(() => readAdvisories(sealed.slice(0, -20), 'it')).toThrow('is not JSON')
    expect(() => readAdvisories(sealed.replace(/[0-9a-f]{64}/, '0'.repeat(64)), 'it')).toThrow('its digest is another')
  })

  it('is refused when it names a hole twice', () => {
    const { advisories, ...rest } = content('2026-11-20')
    expect(() => readAdvisories(sealAdvisories({ ...rest, advisories: [...advisories, ...advisories] }), 'it')).toThrow('CVE-2000-00001 of openclaw twice')
  })
})

describe('an update', () => {
  let folder: string
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'advisories-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const bring = (name: string, date: string): string => {
    writeFileSync(join(folder, name), sealAdvisories(content(date)))
    return join(folder, name)
  }
  const update = async (from: string, more: { sha256?: string; force?: boolean } = {}): ReturnType<typeof updateAdvisories> => await updateAdvisories({ from, to: join(folder, 'state/advisories.json'), force: false, ...more })

  it('puts the file in place, byte for byte', async () => {
    const from = bring('new.json', '2026-11-20')
    await expect(update(from)).resolves.toMatchObject({ after: { date: '2026-11-20' } })
    expect(readFileSync(join(folder, 'state/advisories.json'), 'utf8')).toBe(readFileSync(from, 'utf8'))
  })

  it('refuses an older file unless forced', async () => {
    await update(bring('new.json', '2026-11-20'))
    const older = bring('old.json', '2026-11-01')
    await expect(update(older)).rejects.toMatchObject({ code: 'posture.advisories-unusable', message: expect.stringContaining('older than the one in use of 2026-11-20') as string })
    await expect(update(older, { force: true })).resolves.toMatchObject({ before: { date: '2026-11-20' }, after: { date: '2026-11-01' } })
  })

  it('refuses another file than the one that was meant', async () => {
    const from = bring('new.json', '2026-11-20')
    await expect(update(from, { sha256: '0'.repeat(64) })).rejects.toThrow('not the file that was meant')
    await expect(update(from, { sha256: digestOf(content('2026-11-20')) })).resolves.toMatchObject({ after: { date: '2026-11-20' } })
  })

  it('refuses a broken file and leaves the old one in its place', async () => {
    await update(bring('new.json', '2026-11-20'))
    writeFileSync(join(folder, 'broken.json'), '{}')
    await expect(update(join(folder, 'broken.json'))).rejects.toThrow('is not an advisory file')
    expect(readFileSync(join(folder, 'state/advisories.json'), 'utf8')).toBe(sealAdvisories(content('2026-11-20')))
  })
})
