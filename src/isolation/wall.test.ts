import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../host/index.ts'
import { landlockVersion, scopingLandlock, wallOf } from './wall.ts'

const machines = ['x64', 'arm64']
const abstract = `hardshell-wall-${process.pid}`
const server = createServer((socket) => socket.end())
beforeAll(async () => await new Promise<void>((resolve) => server.listen(`\0${abstract}`, resolve)))
afterAll(() => void server.close())

const scoped = (await landlockVersion({ run: runProgram })) >= scopingLandlock
const program = `
const knock = (path) => new Promise((done) => require('node:net').connect(path).on('connect', () => done('connected')).on('error', (error) => done(error.code)))
const net = require('node:net'), own = net.createServer((s) => s.end()).listen('\\0' + process.argv[1] + '-own', async () => {
  console.log(JSON.stringify({ theirs: await knock('\\0' + process.argv[1]), own: await knock('\\0' + process.argv[1] + '-own'), names: Object.keys(require('node:os').networkInterfaces()).length > 0 }))
  own.close()
})`

describe('what stands in front of the gateway', () => {
  it('is there with rules and with a namespace, on machines whose calls it knows', () => {
    expect(machines.map((machine) => wallOf({ mode: 'nftables' }, machine)[0])).toEqual(['/usr/bin/perl', '/usr/bin/perl'])
    expect(wallOf({ mode: 'namespace' })).toEqual(wallOf({ mode: 'nftables' }))
    expect([wallOf({ mode: 'user' }), wallOf({ mode: 'container' }), wallOf({ mode: 'nftables' }, 'riscv64')]).toEqual([[], [], []])
  })

  it.runIf(existsSync('/usr/bin/perl') && scoped)('keeps abstract sockets of others away and leaves its own (Landlock 6)', async () => {
    const bare = await runProgram([process.execPath, '-e', program, abstract])
    expect(JSON.parse(bare.out)).toEqual({ theirs: 'connected', own: 'connected', names: true })
    const walled = await runProgram([...wallOf({ mode: 'nftables' }), process.execPath, '-e', program, abstract])
    expect(JSON.parse(walled.out)).toEqual({ theirs: 'EPERM', own: 'connected', names: true })
  })

  it.runIf(existsSync('/usr/bin/python3') && existsSync('/usr/bin/perl'))('lets no socket be made but unix, IP and netlink, and no io_uring', async () => {
    const ask = `
import socket, ctypes, errno
def kind(family):
    try: socket.socket(family, socket.SOCK_STREAM if family != 16 else socket.SOCK_RAW).close(); return 'made'
    except OSError as error: return errno.errorcode[error.errno]
libc = ctypes.CDLL(None, use_errno=True)
ring = libc.syscall(425, 4, ctypes.create_string_buffer(120))
print([kind(f) for f in (1, 2, 10, 16, 17, 38, 40, 44)], errno.errorcode[ctypes.get_errno()] if ring < 0 else 'made')`
    const { out, err } = await runProgram([...wallOf({ mode: 'nftables' }), '/usr/bin/python3', '-c', ask])
    expect(out + err).toBe(`${"['made', 'made', 'made', 'made', 'EPERM', 'EPERM', 'EPERM', 'EPERM']"} ENOSYS\n`)
  })

  it.runIf(existsSync('/usr/bin/python3') && existsSync('/usr/bin/perl') && existsSync('/proc/keys') && process.arch === 'x64')('leaves the keys of the session that started it behind', async () => {
    // add_key, keyctl on x86_64; -3 is the keyring of the session, 11 reads a key, 1 joins a new session.
    const libc = 'import ctypes, sys, os; c = ctypes.CDLL(None, use_errno=True)'
    const holder = `${libc}; assert c.syscall(250, 1, 0) > 0; key = c.syscall(248, b'user', b'hardshell-test', b'seven', 5, -3); assert key > 0; os.execv(sys.argv[1], sys.argv[1:] + [str(key)])`
    const reader = `${libc}; b = ctypes.create_string_buffer(16); print('read ' + b.value.decode() if c.syscall(250, 11, int(sys.argv[-1]), b, 16) > 0 else 'cannot')`
    const asNobody = ['/usr/bin/setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--', '/usr/bin/python3', '-c', reader]
    const inside = async (wall: readonly string[]): Promise<string> => (await runProgram(['/usr/bin/python3', '-c', holder, ...wall, ...asNobody])).out.trim()
    expect(await inside([])).toBe('read seven')
    expect(await inside(wallOf({ mode: 'nftables' }))).toBe('cannot')
  })

  it('ends the start when a part of it cannot be switched on', async () => {
    const [perl, flag, text, , prctl, keyctl] = wallOf({ mode: 'nftables' })
    const { status, out, err } = await runProgram([perl!, flag!, text!, 'ffffffffffffffff', prctl!, keyctl!, '/bin/echo', 'started'])
    expect({ status, out, err }).toMatchObject({ status: 255, out: '', err: expect.stringContaining('the filter of system calls') })
  })
})
