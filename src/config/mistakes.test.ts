import { describe, expect, it } from 'vitest'
import { fakeDisk } from './disk.test.fake.ts'
import { loadConfig } from './load.ts'
import { samples } from './mistakes.test.samples.ts'
import type { Problem } from './problem.ts'

/** Everything wrong with one file, the folder taken off its name. */
async function mistakesIn(text: string, name = 'config.yaml'): Promise<Problem[]> {
  const { problems } = await loadConfig('/c', fakeDisk({ '/c': { [name]: text } }))
  return problems.map((problem) => ({ ...problem, file: problem.file.replace('/c/', '') }))
}

describe('a mistake in a file is told with its place and its remedy', () => {
  for (const { what, file = 'config.yaml', text, code, at: [line, column], key, says, nearest } of samples) {
    it(`${what}`, async () => {
      const expected = { code, file, line, column, key, message: says, ...(nearest === undefined ? {} : { nearest }) }
      expect(await mistakesIn(text, file)).toEqual([expected])
    })
  }
})

describe('mistakes do not hide each other', () => {
  it('collects those of all files in one pass, in the order of the files', async () => {
    const disk = fakeDisk({
      '/c': {
        'config.yaml': 'gateway:\n  bind: lan\nproof:\n  every: 5\n',
        'network.yaml': 'egress:\n\tallowed_hosts: []\n',
        'api.yaml': 'api:\n  rate_limiting:\n    burst: 0\n    enabld: true\n',
      },
    })
    const { problems } = await loadConfig('/c', disk)
    expect(problems.map(({ file, line, key }) => `${file}:${line} ${key}`)).toEqual([
      '/c/api.yaml:3 api.rate_limiting.burst',
      '/c/api.yaml:4 api.rate_limiting.enabld',
      '/c/config.yaml:2 gateway.bind',
      '/c/config.yaml:4 proof.every',
      '/c/network.yaml:2 ',
    ])
  })

  it('says of an alias bomb only that aliases are not used, and does not unfold it', async () => {
    const rungs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    const nine = (index: number): string => (index === 0 ? 'lol' : Array(9).fill(`*${rungs[index - 1]}`).join(', '))
    const text = rungs.map((rung, index) => `  ${rung}: &${rung} [${nine(index)}]`).join('\n')
    const problems = await mistakesIn(`agents:\n${text}\n`)
    expect(problems.filter(({ code }) => code === 'config.alias')).toHaveLength(rungs.length)
    expect(problems[0]).toMatchObject({ line: 2, column: 9, message: expect.stringContaining('anchors and aliases') })
  })

  it('survives brackets nested beyond the stack', async () => {
    const problems = await mistakesIn(`tls: ${'['.repeat(200_000)}`)
    expect(problems.map(({ message }) => message)).toContain('nested so deeply that it cannot be read')
  })

  it('refuses two jobs of one name in two files', async () => {
    const job = 'jobs:\n  digest:\n    schedule: "0 7 * * *"\n    type: security_report\n'
    const { problems } = await loadConfig('/c', fakeDisk({ '/c': { 'maintenance.yaml': job, 'monitoring.yaml': job } }))
    expect(problems.map(({ file, key, message }) => [file, key, message])).toEqual([
      ['/c/monitoring.yaml', 'jobs.digest.schedule', 'written twice: first in /c/maintenance.yaml, line 3'],
      ['/c/monitoring.yaml', 'jobs.digest.type', 'written twice: first in /c/maintenance.yaml, line 4'],
    ])
  })

  it('refuses two tokens of one name', async () => {
    const token = (name: string): string => `      - { id: ci, value: "$${name}" }\n`
    const problems = await mistakesIn(`api:\n  auth:\n    tokens:\n${token('A')}${token('B')}`, 'api.yaml')
    expect(problems).toMatchObject(
      [{ line: 5, key: 'api.auth.tokens[1].id', message: 'another token is called `ci` already' }],
    )
  })
})

describe('files as such', () => {
  it('tells a file whose name is nearly one of ours', async () => {
    const { problems } = await loadConfig(
      '/c',
      fakeDisk({ '/c': { 'config.yaml': '', 'netwrok.yaml': '', 'notes.yaml': '' } }),
    )
    expect(problems).toMatchObject([{ code: 'config.unknown-file', file: '/c/netwrok.yaml', nearest: 'network.yaml' }])
  })

  it('refuses a file, or a folder, that others may change', async () => {
    const disk = fakeDisk({ '/c': { 'api.yaml': '', 'config.yaml': '' } }, { '/c': 0o775, '/c/api.yaml': 0o646 })
    const { problems } = await loadConfig('/c', disk)
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'config.unsafe-mode',
        'the directory can be changed by the group (mode 0775), who would then own the guard: chmod go-w /c',
      ],
      [
        'config.unsafe-mode',
        'the file can be changed by everybody (mode 0646), who would then own the guard: chmod go-w /c/api.yaml',
      ],
    ])
  })

  it('reports a file that is too large to be a configuration', async () => {
    const [problem] = await mistakesIn(`# ${'x'.repeat(1_100_000)}`)
    expect(problem).toMatchObject({ code: 'config.unreadable', message: 'cannot be read: larger than 1048576 bytes' })
  })
})
