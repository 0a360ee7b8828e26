import { describe, expect, it } from 'vitest'
import type { Example } from '../example.ts'
import { ExampleMachine } from '../example-machine.ts'
import { gather } from '../gather.ts'
import { judge } from '../judge.ts'
import { findCheck } from '../registry.ts'
import { placeFor } from '../definition-secrets.ts'
import { readEnvironment } from './environment.ts'
import { trackedIn } from './repositories.ts'
import { look, residueMark } from './residue.ts'

const key = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`
const facts = async (example: Example, name: 'environment' | 'repositories' | 'residue' | 'serviceSecrets'): Promise<unknown> => {
  const fact = (await gather(new ExampleMachine({ config: {}, ...example }).subject(), [name]))[name]
  return fact?.known ? fact.value : fact
}

describe('residue', () => {
  it('is told by line and kind, and taken out whole', () => {
    const found = look({ kind: 'history', path: '/h' }, `ls\nexport A=${key}\necho ${key}; ls\n`)!
    expect(found.spots.map(({ line }) => line)).toEqual([2, 3])
    expect(found.cleaned).toBe(`ls\nexport A=${residueMark}\necho ${residueMark}; ls\n`)
    expect(look({ kind: 'history', path: '/h' }, found.cleaned)).toBeNull()
    expect(JSON.stringify(found.spots)).not.toContain(key)
  })

  it('of a place that cannot be read is unknown, not clean', async () => {
    const machine = new Unreadable({ config: {}, files: { '~/.bash_history': 'ls\n', '$STATE/skills/a/SKILL.md': key } })
    const gathered = await gather(machine.subject(), ['residue'])
    expect(gathered.residue).toMatchObject({ value: { files: [{ kind: 'skill' }], unread: [{ kind: 'history', why: 'EACCES' }] } })
    const [history, skills] = ['secrets.none-in-history', 'secrets.none-in-skills'].map((id) => findCheck(id)!)
    expect(judge([history!], gathered).unknown).toEqual([{ id: 'secrets.none-in-history', why: '/home/claw/.bash_history could not be looked into: EACCES' }])
    expect(judge([skills!], gathered).findings).toHaveLength(1)
  })
})

describe('files that were handed over', () => {
  it('are not judged by the home of whoever looks', async () => {
    const machine = new ExampleMachine({ config: {}, files: { '~/.bash_history': key, '~/.netrc': { text: 'x', mode: 0o644 }, '$STATE/openclaw.json.bak': key } })
    const gathered = await gather({ ...machine.subject(), host: null }, ['residue', 'keyFiles'])
    expect(gathered.residue).toMatchObject({ value: { files: [{ kind: 'backup' }] } })
    expect(gathered.keyFiles).toEqual({ known: true, value: [] })
  })
})

class Unreadable extends ExampleMachine {
  override async text(path: string): Promise<string | null> {
    if (path.endsWith('_history')) throw new Error('EACCES')
    return await super.text(path)
  }
}

describe('an environment', () => {
  it('is read as the shell would, and how it is written is kept', () => {
    expect(readEnvironment(`# no\nA=1\n export B = "two words" \nC='x'\nnot a line\nD=`)).toEqual([
      { key: 'A', name: 'A', written: '1', value: '1' },
      { key: 'export B', name: 'B', written: '"two words"', value: 'two words' },
      { key: 'C', name: 'C', written: "'x'", value: 'x' },
      { key: 'D', name: 'D', written: '', value: '' },
    ])
  })

  it('counts what the service is started with, so that a token in a unit is no missing token', async () => {
    const files = {
      '~/.config/systemd/user/openclaw-gateway.service': '[Service]\nEnvironment=OPENCLAW_GATEWAY_TOKEN=abc "B=c d"\nEnvironmentFile=-%h/more.env\n',
      '~/more.env': 'C=1\n',
      '$STATE/.env': 'C=2\n',
    }
    const { places } = (await facts({ files }, 'environment')) as { places: Record<string, string> }
    expect(Object.keys(places)).toEqual(expect.arrayContaining(['OPENCLAW_GATEWAY_TOKEN', 'B', 'C']))
    expect(places['C']).toBe('/home/claw/.openclaw/.env')
  })

  it('of a file that was only handed over is not that of whoever looks', async () => {
    const subject = { ...new ExampleMachine({ config: {}, env: { OPENCLAW_GATEWAY_TOKEN: 'mine' } }).subject(), host: null }
    const fact = (await gather(subject, ['environment'])).environment
    expect(fact).toMatchObject({ known: true, value: { places: {} } })
  })
})

describe('definitions of services', () => {
  it('hold a secret only where a value is, and tell it by name', async () => {
    const value = 'q8Wz3Rv6Tn1Xb5Ym9Kc2Lp7'
    const files = { '~/compose.yaml': `environment:\n  A_TOKEN: \${A_TOKEN}\n  B_TOKEN: "${value}"\n  MAX_TOKENS: 123456789\n  KEY_FILE: /run/secrets/key\n`, '/etc/systemd/system/nginx.service': `Environment=A_TOKEN=${value}\n` }
    expect(await facts({ files }, 'serviceSecrets')).toMatchObject({ found: [{ path: '/home/claw/compose.yaml', line: 3, name: 'B_TOKEN' }], unread: [] })
    expect(placeFor('/a/compose.yaml', false)).toBe('/a/.env')
  })
})

describe('a repository', () => {
  it('tells its tracked names from an index, also long ones', () => {
    const long = 'some/very/long/folder/name/that/is/long/.env'
    const index = `DIRC\0\0\0\u0002\uFFFD\uFFFD\0\u000dopenclaw.json\0\0\0\0${String.fromCodePoint(0)}${String.fromCodePoint(long.length)}${long}\0`
    expect(trackedIn(index)).toEqual(expect.arrayContaining(['openclaw.json', long]))
  })

  it.each([
    ['*.json', true],
    ['/.openclaw/', true],
    ['openclaw.json\n!openclaw.json', false],
    ['/openclaw.json', false],
    ['**/openclaw.json', true],
    ['# openclaw.json', false],
  ])('with %j in .gitignore ignores .openclaw/openclaw.json: %s', async (ignore, ignored) => {
    const { found } = (await facts({ files: { '~/.git/HEAD': '', '~/.gitignore': ignore } }, 'repositories')) as { found: { unignored: string[] }[] }
    expect(found[0]!.unignored).toEqual(ignored ? [] : ['.openclaw/openclaw.json'])
  })
})
