import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSshdFiles, secondsOf, sshdLines, sshdValue, type SshdFiles } from './sshd-config.ts'

interface Tree {
  id: string
  parameter: string
  effective: string
  files: SshdFiles
}

const trees = JSON.parse(readFileSync('tests/fixtures/posture-host/sshd-trees.json', 'utf8')) as Tree[]
const main = (text: string, more: SshdFiles = {}): SshdFiles => ({ '/etc/ssh/sshd_config': text, ...more })
const valueIn = (files: SshdFiles, keyword: string): string | undefined => sshdValue(sshdLines(files), keyword)?.value

describe('the effective value of a keyword', () => {
  it.each(trees.map((tree) => [tree.id, tree] as const))('is what sshd -T says: %s', async (_, { parameter, effective, files }) => {
    const names = async (folder: string): Promise<string[]> => Object.keys(files).filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path))
    const read = await readSshdFiles({ text: async (path) => files[path] ?? null, names })
    expect(read).not.toBeNull()
    expect(valueIn(read!, parameter)).toBe(effective)
  })

  it('is that of the first line, wherever it stands', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('yes', 'no'), { minLength: 1 }), (values) => {
      expect(valueIn(main(values.map((value) => `X11Forwarding ${value}\n`).join('')), 'x11forwarding')).toBe(values[0])
    }))
  })

  it('comes from included files in the order of their names, where the include stands', () => {
    const files = main('Include sshd_config.d/*.conf\nPort 22\n', { '/etc/ssh/sshd_config.d/b.conf': 'LogLevel ERROR', '/etc/ssh/sshd_config.d/a.conf': 'loglevel = "VERBOSE" # why', '/etc/ssh/sshd_config.d/.hidden.conf': 'LogLevel QUIET', '/etc/ssh/sshd_config.d/z.txt': 'Port 1' })
    expect(sshdValue(sshdLines(files), 'LogLevel')).toEqual({ value: 'VERBOSE', at: { path: '/etc/ssh/sshd_config.d/a.conf', line: 1 } })
    expect(valueIn(files, 'Port')).toBe('22')
  })

  it('leaves out what holds for some only, and takes it up again after Match all', () => {
    const files = main('Match User git\n  PasswordAuthentication yes\nMatch all\nPasswordAuthentication no\n')
    expect(valueIn(files, 'PasswordAuthentication')).toBe('no')
    expect(sshdLines(files).map(({ match }) => match)).toEqual(['User git', null])
  })

  it('ends a block with the file it stands in', () => {
    expect(valueIn(main('Include a\nPermitRootLogin no\n', { '/etc/ssh/a': 'Match User x\nPermitRootLogin yes\n' }), 'PermitRootLogin')).toBe('no')
  })

  it('collects what sshd collects', () => {
    expect(valueIn(main('AllowUsers alice bob\nPort 22\nAllowUsers "carol@10.0.0.0/8"\nPort 2222\n'), 'AllowUsers')).toBe('alice bob carol@10.0.0.0/8')
    expect(valueIn(main('Port 22\nPort 2222\n'), 'Port')).toBe('22 2222')
  })

  it('knows old names and defaults', () => {
    expect(valueIn(main('ChallengeResponseAuthentication no\n'), 'KbdInteractiveAuthentication')).toBe('no')
    expect(sshdValue([], 'PermitRootLogin')).toEqual({ value: 'without-password', at: null })
    expect(sshdValue([], 'AllowUsers')).toBeNull()
  })

  it('does not run in circles', () => {
    expect(valueIn(main('Include sshd_config\nPort 2222\n'), 'Port')).toContain('2222')
  })
})

describe('a time of sshd', () => {
  it.each([['90', 90], ['2m', 120], ['1h30m', 5400], ['soon', null], ['', null], ['5x', null]] as const)('%s is %s seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds)
  })
})
