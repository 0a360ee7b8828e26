import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { createSecrets, type Secrets } from './index.ts'
import { SecretPlaces, canary, failureOf, file } from './secrets.test.kit.ts'

const name = 'PROVIDER_API_KEY'

let places: SecretPlaces
beforeEach(() => {
  places = new SecretPlaces()
})
afterEach(() => places.remove())

async function revealed(secrets: Secrets, wanted = name): Promise<string | undefined> {
  return (await secrets.get(wanted))?.reveal()
}

describe('get', () => {
  it("looks in named file, environment, systemd's folder, /run/secrets and local store, in this order", async () => {
    const env: Record<string, string | undefined> = {
      [`${name}_FILE`]: file(join(places.folder, 'key'), 'one\n'),
      [name]: 'two',
    }
    file(join(places.credentials, name), 'three')
    file(join(places.runSecrets, name), 'four')
    await places.secrets().local!.put(name, new Secret('five'))
    expect(await places.secrets(env).find(name)).toMatchObject({ place: `file ${join(places.folder, 'key')}` })
    expect(await revealed(places.secrets(env))).toBe('one')
    delete env[`${name}_FILE`]
    expect(await places.secrets(env).find(name)).toMatchObject({ place: `environment ${name}` })
    env[name] = ''
    expect(await revealed(places.secrets(env))).toBe('three')
    rmSync(join(places.credentials, name))
    expect(await revealed(places.secrets(env))).toBe('four')
    rmSync(join(places.runSecrets, name))
    expect(await places.secrets(env).find(name)).toMatchObject({ place: 'local store' })
    expect(await revealed(places.secrets(env))).toBe('five')
    await places.secrets().local!.remove(name)
    expect(await places.secrets(env).get(name)).toBeNull()
  })

  it.each(['PROVIDER_API_KEY', 'provider_api_key', 'provider-api-key'])(
    'finds the file %s in a folder of secrets',
    async (fileName) => {
      file(join(places.runSecrets, fileName), canary)
      expect(await revealed(places.secrets())).toBe(canary)
    },
  )

  it("takes systemd's folder from the environment, unless it is relative", async () => {
    file(join(places.credentials, name), canary)
    expect((await createSecrets({ env: { CREDENTIALS_DIRECTORY: places.credentials } }).get(name))?.reveal()).toBe(
      canary,
    )
    expect(
      await createSecrets({
        env: { CREDENTIALS_DIRECTORY: 'credentials' },
        runSecretsDirectory: places.runSecrets,
      }).get(name),
    ).toBeNull()
  })

  it('takes away one trailing newline and nothing else', async () => {
    for (const [text, value] of [
      ['a\n', 'a'],
      ['a\r\n', 'a'],
      ['a\n\n', 'a\n'],
      [' a ', ' a '],
      ['a', 'a'],
    ] as const) {
      file(join(places.runSecrets, name), text)
      expect(await revealed(places.secrets())).toBe(value)
    }
  })

  it('takes files that all may read from the folders the system guards, also through links within them', async () => {
    file(join(places.runSecrets, 'real'), canary, 0o444)
    symlinkSync('real', join(places.runSecrets, name))
    expect(await revealed(places.secrets())).toBe(canary)
    expect(await revealed(places.secrets({ [`${name}_FILE`]: join(places.runSecrets, 'real') }))).toBe(canary)
  })

  it('refuses a file that all may read anywhere else, also one reached through such a folder', async () => {
    const open = file(join(places.folder, 'open'), canary, 0o644)
    expect(await failureOf(places.secrets({ [`${name}_FILE`]: open }).get(name))).toEqual({
      code: 'secrets.unsafe-file',
      message: `${open} can be read by every user of this machine`,
      hint: `chmod 600 ${open}`,
    })
    symlinkSync(open, join(places.runSecrets, name))
    expect((await failureOf(places.secrets().get(name))).code).toBe('secrets.unsafe-file')
    expect((await failureOf(places.secrets({ [`${name}_FILE`]: `${places.runSecrets}/../open` }).get(name))).code).toBe(
      'secrets.unsafe-file',
    )
  })

  it('refuses a file that all may change, wherever it is', async () => {
    file(join(places.runSecrets, name), canary, 0o606)
    expect(await failureOf(places.secrets().get(name))).toMatchObject({
      code: 'secrets.unsafe-file',
      message: expect.stringContaining('changed by every user'),
    })
  })

  it.each([
    ['empty', '', /is empty/],
    ['only a newline', '\n', /is empty/],
    ['not text', Buffer.concat([Buffer.from(canary), Buffer.from([0xff, 0xfe])]), /not text/],
    ['too large', canary.repeat(5_000), /larger than 65536/],
  ])('refuses a file that is %s', async (_, text, message) => {
    file(join(places.runSecrets, name), text)
    const failure = await failureOf(places.secrets().get(name))
    expect(failure.code).toBe('secrets.unreadable-file')
    expect(failure.message).toMatch(message)
  })

  it('refuses a folder and a pipe under the name instead of waiting for them', async () => {
    mkdirSync(join(places.runSecrets, name))
    expect((await failureOf(places.secrets().get(name))).message).toMatch(/not a regular file/)
    rmSync(join(places.runSecrets, name), { recursive: true })
    execFileSync('mkfifo', [join(places.runSecrets, name)])
    expect((await failureOf(places.secrets().get(name))).message).toMatch(/not a regular file/)
  })

  it('stops when the named file is not there, and does not print what may be the key itself', async () => {
    const gone = join(places.folder, 'gone')
    expect(await failureOf(places.secrets({ [`${name}_FILE`]: gone, [name]: canary }).get(name))).toMatchObject({
      code: 'secrets.unreadable-file',
      message: `${name}_FILE names a file that is not there: ${gone}`,
    })
    expect((await failureOf(places.secrets({ [`${name}_FILE`]: canary }).get(name))).code).toBe(
      'secrets.unreadable-file',
    )
  })

  it('refuses names that could walk out of a folder, without quoting them', async () => {
    for (const bad of ['../etc/passwd', '', 'A-B', 'A B', '1A', `${canary}/..`, 'A\n']) {
      expect((await failureOf(places.secrets().get(bad))).code).toBe('secrets.bad-name')
    }
  })
})

describe('expand', () => {
  const env = { A: 'alpha', B_2: 'beta$A' }

  it.each([
    ['$A', 'alpha'],
    ['${A}', 'alpha'],
    ['Bearer ${A}!', 'Bearer alpha!'],
    ['$A$B_2', 'alphabeta$A'],
    ['${A}B', 'alphaB'],
    ['5$$', '5$'],
    ['$$A', '$A'],
    ['$a', 'alpha'],
    ['${b_2}', 'beta$A'],
    ['plain', 'plain'],
    ['', ''],
  ])('turns %s into %s', async (text, value) => {
    const secret = await places.secrets(env).expand(text)
    expect(secret.reveal()).toBe(value)
    expect(`${secret}`).toBe('[redacted]')
  })

  it('names the missing secret and every place it was looked for', async () => {
    expect(await failureOf(places.secrets({ OTHER: canary, GONE: '' }).expand(`${canary} $GONE`))).toEqual({
      code: 'secrets.missing',
      message:
        'the secret GONE was not found in: environment GONE_FILE, environment GONE (empty), ' +
        `${places.credentials}, ${places.runSecrets}, local store`,
      hint: 'set GONE, or GONE_FILE to the path of a file that holds it',
    })
  })

  it.each(['$', '${A', '${}', '$1', '${A-B}', '${A:-x}'])(
    'refuses %s without quoting the text around it',
    async (text) => {
      expect(await failureOf(places.secrets(env).expand(`${canary}${text}`))).toMatchObject({
        code: 'secrets.bad-reference',
        hint: 'write $$ for a dollar sign',
      })
    },
  )
})
