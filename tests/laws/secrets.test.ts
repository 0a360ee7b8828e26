import { describe, expect, it } from 'vitest'
import { literalSecrets, mayReveal, revelations } from './secrets.ts'
import { files, isProduct } from './tree.ts'

/** Recorded texts that exist to be found in; their origin is noted beside them. */
const recorded = (path: string): boolean => path.startsWith('tests/fixtures/')

/** Numbers in base64, 177 KB of them: by chance they look like anything. */
const numbers = 'src/content/injection/weights.ts'

describe('secrets stay where they belong', () => {
  it('holds: only listed places see a bare secret', () => {
    expect(revelations(files(isProduct), mayReveal)).toEqual([])
  })

  it('holds: nothing in the repository looks like a credential', () => {
    expect(literalSecrets(files((path) => !recorded(path) && path !== numbers && !path.endsWith('package-lock.json')))).toEqual([])
  })

  it('sees a place that is not on the list, and an entry of the list without need', () => {
    const made = [{ path: 'src/proxy/model/send.ts', text: '\nlog(key.reveal())' }]
    expect(revelations(made, ['src/openclaw/rpc.ts'])).toEqual([
      'src/proxy/model/send.ts:2: sees a bare secret and is not on the list',
      'src/openclaw/rpc.ts: on the list, and reveals nothing',
    ])
    expect(revelations(made, ['src/proxy/model/send.ts'])).toEqual([])
  })

  it('sees a credential, and does not repeat it', () => {
    const key = ['ghp', 'k3Jd92Lm40QpXz71VbNc85RtYw36HsGf0aEu'].join('_')
    const [found] = literalSecrets([{ path: 'a.md', text: `one\nkey ${key}\n` }])
    expect(found).toMatch(/^a\.md:2: looks like /)
    expect(found).not.toContain(key)
  })
})
