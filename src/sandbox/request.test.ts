import { describe, expect, it } from 'vitest'
import { readRequest } from './request.ts'

const read = (...words: string[]): ReturnType<typeof readRequest> => readRequest(Buffer.from(words.join('\0')))

describe('what the shim was started with', () => {
  it('is read as OpenClaw writes it: a config file, a terminal or none, a host, one command', () => {
    expect(read('main', '-F', '/tmp/c', '-T', '-o', 'RequestTTY=no', 'openclaw-sandbox', "'/bin/sh' '-c' 'id'")).toEqual({ cell: 'main', tty: false, command: "'/bin/sh' '-c' 'id'" })
    expect(read('main', '-F', '/tmp/c', '-tt', '-o', 'RequestTTY=force', 'openclaw-sandbox', 'id')).toMatchObject({ tty: true })
  })

  it('belongs to the cell of everybody without a name when no user is given, and to lower case else', () => {
    expect(read('', 'host', 'id')).toMatchObject({ cell: 'default' })
    expect(read('Main', 'host', 'id')).toMatchObject({ cell: 'main' })
  })

  it('keeps what comes after the host for the command, options included', () => {
    expect(read('main', 'host', '-F', 'x', '-tt')).toEqual({ cell: 'main', tty: false, command: '-F x -tt' })
    expect(read('main', '--', 'host', 'a', 'b')).toMatchObject({ command: 'a b' })
  })

  it.each([['a folder above', '../main'], ['a path', 'a/b'], ['a dot', '.'], ['a long name', 'x'.repeat(65)], ['a name with a space', 'a b']])('is refused for a user that is %s', (_what, user) => {
    expect(read(user, 'host', 'id')).toBeNull()
  })

  it('is refused without a command, without a host, and with an option nobody knows', () => {
    expect([read('main', 'host'), read('main'), read('main', '--proxy=x', 'host', 'id')]).toEqual([null, null, null])
  })
})
