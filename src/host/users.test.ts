import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountOf, mayLogIn } from './index.ts'

let etc: string
beforeAll(() => {
  etc = mkdtempSync(join(tmpdir(), 'hardshell-etc-'))
  writeFileSync(join(etc, 'passwd'), 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nold:x:7:7::/:\n')
  writeFileSync(join(etc, 'group'), 'root:x:0:\ndocker:x:99:daemon,old\n')
})
afterAll(() => rmSync(etc, { recursive: true }))

describe('accounts of the system', () => {
  it('are found by their id, with the groups that name them', () => {
    expect(accountOf(1, etc)).toEqual({ uid: 1, name: 'daemon', shell: '/usr/sbin/nologin', home: '/', groups: ['docker'] })
    expect(accountOf(70_123, etc)).toBe(null)
  })

  it('let somebody log in unless there is none, or its shell refuses; an empty shell is /bin/sh', () => {
    expect([0, 1, 7, 70_123].map((uid) => mayLogIn(accountOf(uid, etc)))).toEqual([true, false, true, false])
  })
})
