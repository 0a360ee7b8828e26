import { describe, expect, it } from 'vitest'
import { parseGroup, parsePasswd, loginRefused } from './account-files.ts'
import { parseAptConf } from './apt-conf.ts'
import { parseAuthorizedKeys } from './authorized-keys.ts'
import { parseCrontab } from './cron-lines.ts'
import { parseUnitFile, unitValue } from './unit-file.ts'

describe('apt.conf', () => {
  it('says the same in blocks and in one line, the last one counts', () => {
    const settings = parseAptConf(['APT::Periodic::Unattended-Upgrade "0";\n// no\n', 'APT { Periodic { Unattended-Upgrade "1"; }; };\nList { "a"; "b"; };\n/* X "1"; */ Acquire::http::Proxy "http://x:1/";\n'])
    expect(settings).toEqual({ 'apt::periodic::unattended-upgrade': ['1'], list: ['a', 'b'], 'acquire::http::proxy': ['http://x:1/'] })
    expect(parseAptConf(['A "1";', '#clear A;'])).toEqual({})
  })

  it('is read however broken it is', () => {
    expect(parseAptConf(['}}} { "a" ;; A { "', 'B "1"'])).toEqual({})
  })
})

describe('authorized_keys', () => {
  const blob = (bits: number): string => Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([0, 0, 0, 3, 1, 0, 1]), lengthOf(bits / 8 + 1), Buffer.from([0]), Buffer.alloc(bits / 8, 0xff)]).toString('base64')

  const lengthOf = (bytes: number): Buffer => Buffer.from([0, 0, bytes >> 8, bytes & 255])

  it('tells length, comment and what a key may do', () => {
    const text = `# keys\nssh-rsa ${blob(1024)}\nfrom="10.0.0.0/8",command="echo \\"a b\\"" ssh-rsa ${blob(4096)} a b\nno-pty sk-ssh-ed25519@openssh.com AAAA x\nnot a key\n`
    expect(parseAuthorizedKeys(text)).toEqual([
      { line: 2, type: 'ssh-rsa', bits: 1024, named: false, opensShell: true, boundToAddress: false },
      { line: 3, type: 'ssh-rsa', bits: 4096, named: true, opensShell: false, boundToAddress: true },
      { line: 4, type: 'sk-ssh-ed25519@openssh.com', bits: null, named: true, opensShell: true, boundToAddress: false },
    ])
  })
})

describe('crontabs', () => {
  it('have a user before the command only in the tables of the system', () => {
    expect(parseCrontab('MAILTO=x\n# a\n*/5 * * * 1-5 root cd / && run\n@reboot root up\nbroken\n', '/etc/crontab', true)).toEqual([
      { path: '/etc/crontab', line: 3, when: '*/5 * * * 1-5', user: 'root', command: 'cd / && run' },
      { path: '/etc/crontab', line: 4, when: '@reboot', user: 'root', command: 'up' },
    ])
    expect(parseCrontab('0 3 * * * backup --all\n', 'x', false)).toMatchObject([{ user: null, command: 'backup --all' }])
  })
})

describe('units', () => {
  it('count the last value, and an empty one takes it back', () => {
    const settings = parseUnitFile('[Service]\n; no\nUser=a\nExecStart=/bin/x \\\n  --y\nUser = b\n[Install]\nUser=c\nNice=\n', '/u')
    expect(unitValue(settings, 'Service', 'User')).toBe('b')
    expect(settings.find(({ key }) => key === 'ExecStart')).toMatchObject({ value: '/bin/x --y', line: 4 })
    expect(unitValue(settings, 'Install', 'Nice')).toBeNull()
  })
})

describe('passwd and group', () => {
  it('leave out what is no line of theirs', () => {
    expect(parsePasswd('root:x:0:0:root:/root:/bin/bash\n+::::::\nbroken\n#a:b:c:d:e:f:g\n').map(({ name }) => name)).toEqual(['root', '+'])
    expect(parseGroup('sudo:x:27:a,b\nx\n')).toEqual([{ name: 'sudo', gid: 27, members: ['a', 'b'] }])
  })

  it.each([['/usr/sbin/nologin', true], ['/bin/false', true], ['/bin/sync', true], ['/bin/bash', false], ['', false]])('a login with the shell "%s" is refused: %s', (shell, refused) => {
    expect(loginRefused(shell)).toBe(refused)
  })
})
