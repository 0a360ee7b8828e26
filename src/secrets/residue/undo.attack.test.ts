import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret, systemRandom } from '../../base/index.ts'
import { openLocalStore } from '../index.ts'
import { canary, file, SecretPlaces } from '../secrets.test.kit.ts'
import { cleanResidue, undoResidue } from './clean.ts'

let places: SecretPlaces
beforeEach(() => void (places = new SecretPlaces()))
afterEach(() => places.remove())

describe('putting a cleaned file back', () => {
  it('does not write through a folder that became a link to somewhere else', async () => {
    const clock = { now: () => Date.parse('2026-11-21T12:00:00Z'), monotonicMs: () => 0 }
    const undo = openLocalStore({ path: join(places.folder, 'undo.json'), keyPath: places.localKeyPath }, { clock, random: systemRandom })
    const [folder, elsewhere] = [join(places.folder, 'agent'), join(places.folder, 'elsewhere')]
    for (const each of [folder, elsewhere]) mkdirSync(each)
    file(join(folder, '.env'), `K=${canary}\nA=1\n`)
    const finders = { known: new Map([['K', new Secret(canary)]]), findSecrets: () => [] }
    await cleanResidue([{ path: join(folder, '.env'), removal: 'line' }], finders, { undo, clock })
    file(join(elsewhere, '.env'), 'A=1\n')
    renameSync(folder, `${folder}.old`)
    symlinkSync(elsewhere, folder)
    await undoResidue(undo)
    expect(readFileSync(join(elsewhere, '.env'), 'utf8')).toBe('A=1\n')
  })
})
