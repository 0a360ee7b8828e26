import { afterEach, describe, expect, it } from 'vitest'
import { dial, type Peer } from './dial.fixture.ts'
import type { Exchange } from './index.ts'
import { closeServers, date, get, hello, openServer as open } from './server.fixture.ts'

afterEach(closeServers)

const post = (length: number | string, more = ''): string => `POST /a HTTP/1.1\r\nhost: a\r\n${more}content-length: ${length}\r\n\r\n`
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

/** Says a lot, piece by piece. @returns how much of it the other side took before it stopped reading */
async function flood({ socket }: Peer, bytes: number): Promise<number> {
  for (let said = 0; said < bytes; said += 100_000) {
    const taken = new Promise<boolean>((resolve) => socket.write(Buffer.alloc(100_000, 'x'), () => resolve(true)))
    const refused = new Promise<boolean>((resolve) => setTimeout(resolve, 500, false))
    if (!(await Promise.race([taken, refused]))) return said
  }
  return bytes
}

describe('an answer', () => {
  it('is framed by its length, and the connection serves the next request', async () => {
    const { port } = await open(hello)
    const client = await dial(port)
    const first = await client.say(get).hears('hello')
    expect(first).toBe(
      `HTTP/1.1 200 OK\r\n${date}content-type: text/plain\r\ncontent-length: 5\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\nhello`,
    )
    expect(await client.say(get).hears(/hello[^]*hello/)).toBe(first + first)
  })

  it('to a client that says close is its last, and the connection is closed', async () => {
    const { port } = await open(hello)
    const client = await dial(port)
    client.say('GET /a HTTP/1.1\r\nhost: a\r\nConnection: x, Close\r\n\r\n')
    await client.closed
    expect(client.heard).toContain('\r\nconnection: close\r\n\r\nhello')
  })

  it('to HEAD, and of 204 and 304, has no body', async () => {
    const { port } = await open(({ reply, target }) => reply.whole(Number(target.slice(1)), {}, 'body'))
    const client = await dial(port)
    client.say('HEAD /200 HTTP/1.1\r\nhost: a\r\n\r\nGET /204 HTTP/1.1\r\nhost: a\r\n\r\nGET /304 HTTP/1.1\r\nhost: a\r\n\r\n')
    client.say('GET /200 HTTP/1.1\r\nhost: a\r\n\r\n')
    const heard = await client.hears('body')
    const heads = heard.split('\r\n\r\n')
    expect(heads.map((head) => /content-length: \d/.exec(head)?.[0])).toEqual([
      'content-length: 4', undefined, undefined, 'content-length: 4', undefined,
    ])
    expect(heads.at(-1)).toBe('body')
  })

  it('that streams is chunked; an empty piece does not end it', async () => {
    const { port } = await open(({ reply }) => {
      reply.start(200, { 'content-type': 'text/event-stream' })
      reply.write('')
      reply.write(Buffer.from('data: 1\n\n'))
      setImmediate(() => reply.end('data: ü\n\n'))
    })
    const heard = await (await dial(port)).say(get).hears('0\r\n\r\n')
    expect(heard).toContain('\r\ntransfer-encoding: chunked\r\n')
    expect(bodyOf(heard)).toBe('9\r\ndata: 1\n\n\r\na\r\ndata: Ã¼\n\n\r\n0\r\n\r\n')
  })

  it('that streams to HEAD sends no chunk', async () => {
    const { port } = await open(({ reply }) => {
      reply.start(200, {})
      reply.end('not for HEAD')
    })
    const client = await dial(port)
    client.say('HEAD / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    await client.closed
    expect(bodyOf(client.heard)).toBe('')
  })

  it('sends its head before the first piece exists', async () => {
    const { port } = await open(({ reply }) => reply.start(200, {}))
    expect(await (await dial(port)).say(get).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it('leaves framing to us and writes nothing that would end its line', async () => {
    const thrown: unknown[] = []
    const { port } = await open(({ reply }) => {
      for (const fields of [{ a: 'b\r\nset-cookie: c' }, { 'a b': 'c' }, { a: 'b\0' }]) {
        try {
          reply.whole(200, fields, '')
        } catch (error) {
          thrown.push(error)
        }
      }
      const framing = { 'content-length': 99, 'transfer-encoding': 'chunked', connection: 'upgrade' }
      reply.whole(200, { ...framing, a: ['1', '2'], date: 'theirs' }, 'x')
    })
    const heard = await (await dial(port)).say(get).hears('\r\n\r\nx')
    expect(thrown).toMatchObject(Array.from({ length: 3 }, () => ({ code: 'http1.bad-request' })))
    expect(heard).toBe('HTTP/1.1 200 OK\r\na: 1\r\na: 2\r\ndate: theirs\r\ncontent-length: 1\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\nx')
  })

  it('goes no faster than the client reads, and goes on when it has read', async () => {
    let full = false
    const drained = new Promise<void>((resolve) => {
      void open(({ reply }) => {
        reply.onDrain(() => {
          reply.end()
          resolve()
        })
        reply.start(200, {})
        const piece = Buffer.alloc(65_536, 'x')
        const fill = (): void => {
          if (reply.write(piece)) setImmediate(fill)
          else full = true
        }
        fill()
      }).then(async ({ port }) => {
        const client = await dial(port)
        client.socket.pause()
        client.say(get)
        while (!full) await new Promise((next) => setImmediate(next))
        client.socket.resume()
      })
    })
    await drained
    expect(full).toBe(true)
  })

  it('of an exchange that failed is none: the connection is destroyed and the failure told', async () => {
    const troubles: unknown[] = []
    const { port } = await open(
      () => {
        throw new Error('a mistake of ours')
      },
      {},
      (error) => troubles.push(error),
    )
    const client = (await dial(port)).say(get)
    await client.closed
    expect([client.heard, String(troubles[0])]).toEqual(['', 'Error: a mistake of ours'])
  })
})

describe('a body', () => {
  const echo = (exchange: Exchange): void => {
    const body = exchange.bodyIfWhole(10)
    if (body) return exchange.reply.whole(200, {}, `at once ${body.toString()}`)
    void exchange.body(10).then((later) => exchange.reply.whole(later === 'too-large' ? 413 : 200, {}, `later ${later.toString()}`))
  }

  it('that came with its head is there without waiting', async () => {
    const { port } = await open(echo)
    expect(await (await dial(port)).say(`${post(5)}hello`).hears('hello')).toContain('at once hello')
  })

  it('that comes later is waited for, chunked or not', async () => {
    let arrived = 0
    const { port } = await open((exchange) => {
      arrived++
      echo(exchange)
    })
    const client = (await dial(port)).say(`${post(5)}hel`)
    while (arrived < 1) await new Promise((resolve) => setImmediate(resolve))
    expect(await client.say('lo').hears('hello')).toContain('later hello')
    client.say('POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nbye')
    while (arrived < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(await client.say('\r\n0\r\n\r\n').hears('later bye')).toContain('later bye')
  })

  it('that is too large but all here is told so, and the connection goes on', async () => {
    const { port } = await open(echo)
    const client = (await dial(port)).say(`${post(11)}12345678901`)
    await client.hears('later too-large')
    expect(await client.say(`${post(2)}ok`).hears('at once ok')).toContain('200 OK')
  })

  it.each([
    ['announced', `${post(11)}123`],
    ['announced, and not even begun', post(1_000_000)],
    ['counted', 'POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nb\r\n12345678901\r\n'],
  ])('that is too large is told so (%s), and nothing follows on its connection', async (_name, request) => {
    const { port } = await open(echo)
    const client = (await dial(port)).say(request)
    await client.hears('later too-large')
    client.say(get)
    await client.closed
    expect(client.heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413'])
    expect(client.heard).toContain('connection: close')
  })

  it('is broken when the client leaves, frames it badly or takes too long', async () => {
    const bodies: unknown[] = []
    const { port } = await open(
      (exchange) => {
        void exchange.body(1_000).then((body) => {
          bodies.push(body)
          exchange.reply.whole(400, {}, '')
        })
      },
      { bodyTimeoutMs: 40 },
    )
    const leaver = (await dial(port)).say(post(5))
    await new Promise((resolve) => setTimeout(resolve, 10))
    leaver.socket.destroy()
    const liar = (await dial(port)).say('POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')
    const sleeper = (await dial(port)).say(`${post(5)}he`)
    const dribbler = (await dial(port)).say(post(500))
    const dribble = setInterval(() => dribbler.say('.'), 5)
    await Promise.all([leaver, liar, sleeper].map(({ closed }) => closed))
    await dribbler.hears('connection: close')
    clearInterval(dribble)
    expect(bodies).toEqual(['broken', 'broken', 'broken', 'broken'])
    expect([liar.heard, sleeper.heard, dribbler.heard].map((text) => text.slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 400'))
  })

  it('is asked for when the client waits to be asked, and only then', async () => {
    const { port } = await open((exchange) => {
      if (exchange.target === '/no') return exchange.reply.whole(401, {}, '')
      void exchange.body(10).then((body) => exchange.reply.whole(200, {}, body.toString()))
    })
    const yes = (await dial(port)).say(post(2, 'expect: 100-continue\r\n'))
    expect(await yes.hears('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    expect(await yes.say('ok').hears('\r\n\r\nok')).toContain('HTTP/1.1 200 OK')
    const no = (await dial(port)).say('POST /no HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n')
    await no.closed
    expect(no.heard).toMatch(/^HTTP\/1\.1 401 /)
    const what = (await dial(port)).say(post(2, 'expect: miracles\r\n'))
    await what.closed
    expect(what.heard).toMatch(/^HTTP\/1\.1 417 /)
  })

  it('nobody read leaves a client time to read the no it got', async () => {
    const { port } = await open(({ reply }) => reply.whole(401, {}, 'no'))
    const client = await dial(port)
    client.say(post(3_000_000))
    for (let i = 0; i < 30; i++) client.say(Buffer.alloc(100_000))
    await client.closed
    expect(client.heard).toMatch(/^HTTP\/1\.1 401 [^]*connection: close\r\n\r\nno$/)
  })

  it('nobody asks for is not taken into memory', async () => {
    let exchange: Exchange | null = null
    const { port } = await open((arrived) => (exchange = arrived))
    const client = (await dial(port)).say(post(40_000_000))
    while (exchange === null) await new Promise((resolve) => setImmediate(resolve))
    const said = await flood(client, 40_000_000)
    expect(said).toBeLessThan(40_000_000) // the kernel is full, and we do not read
    const whole = (exchange as Exchange).body(50_000_000)
    client.say(Buffer.alloc(40_000_000 - said - 100_000))
    expect((await whole).length).toBe(40_000_000)
  })
})

describe('requests sent ahead', () => {
  it('are answered in order, each only after the one before', async () => {
    const arrived: string[] = []
    const open_: Exchange[] = []
    const { port } = await open((exchange) => {
      arrived.push(exchange.target)
      open_.push(exchange)
    })
    const client = await dial(port)
    client.say('GET /1 HTTP/1.1\r\nhost: a\r\n\r\nPOST /2 HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nxGET /3 HTTP/1.1\r\nhost: a\r\n\r\n')
    while (open_.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(arrived).toEqual(['/1'])
    open_[0]!.reply.whole(200, {}, 'one')
    expect(arrived).toEqual(['/1', '/2'])
    expect(open_[1]!.bodyIfWhole(10)?.toString()).toBe('x')
    open_[1]!.reply.whole(200, {}, 'two')
    open_[2]!.reply.whole(200, {}, 'three')
    expect((await client.hears('three')).match(/one|two|three/g)).toEqual(['one', 'two', 'three'])
  })

  it('are not taken into memory without end', async () => {
    let exchange: Exchange | null = null
    const { port } = await open((arrived) => (exchange ??= arrived))
    const client = (await dial(port)).say(get)
    while (exchange === null) await new Promise((resolve) => setImmediate(resolve))
    expect(await flood(client, 30_000_000)).toBeLessThan(30_000_000) // the kernel is full, and we do not read
    ;(exchange as Exchange).reply.whole(200, {}, 'ok')
    await client.closed
    expect(client.heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 431'])
  })

  it('by the thousand are answered without end of stack, and no faster than the client reads', async () => {
    let served = 0
    const { port } = await open(({ reply }) => {
      served++
      reply.whole(200, {}, 'x'.repeat(1_000))
    })
    const client = await dial(port)
    client.socket.pause()
    client.say(get.repeat(20_000))
    let before = -1
    while (served === 0 || served !== before) {
      before = served
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(served).toBeLessThan(20_000)
    client.socket.resume()
    while (served < 20_000) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(served).toBe(20_000)
  })
})

describe('a client that leaves', () => {
  it('is told of once, at once when it had left before', async () => {
    const told: string[] = []
    const left = new Promise<void>((resolve) => {
      void open(({ reply }) => {
        reply.start(200, {})
        reply.onGone(() => {
          told.push('first')
          reply.onGone(() => told.push('at once'))
          expect(reply.write('more')).toBe(true)
          reply.end()
          reply.destroy()
          resolve()
        })
      }).then(async ({ port }) => {
        const client = (await dial(port)).say(get)
        await client.hears('200')
        client.socket.end()
      })
    })
    await left
    expect(told).toEqual(['first', 'at once'])
  })

  it('is not told of when we broke off', async () => {
    let gone = false
    const { port } = await open(({ reply }) => {
      reply.onGone(() => (gone = true))
      reply.start(200, {})
      reply.write('part')
      reply.destroy()
    })
    const client = (await dial(port)).say(get)
    await client.closed
    expect(bodyOf(client.heard)).toBe('4\r\npart\r\n')
    expect(gone).toBe(false)
  })
})
