import { mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Secret, formatDuration, formatListen, formatMoney, isLoopback, isPublicAddress, nearest, nonce, normaliseHost, parseDuration,
  parseListen, parseMoney, randomId, writeFileAtomic,
} from './index.ts'

describe('money', () => {
  it('reads amounts as people write them, in integers', () => {
    const read = { '5': 5_000_000, '$5': 5_000_000, '5.25 USD': 5_250_000, '$1,200.50': 1_200_500_000, '0.000001': 1, ' $0 ': 0 }
    for (const [text, micro] of Object.entries(read)) expect([text, parseMoney(text)]).toEqual([text, micro])
  })

  it('reads nothing into what is no amount', () => {
    for (const text of ['', '-5', '5 EUR', 'five', '1.0000001', 'Infinity', '9'.repeat(20), '5..2']) expect([text, parseMoney(text)]).toEqual([text, null])
  })

  it('comes back from its own print to the cent', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (cents) => parseMoney(formatMoney(cents * 10_000)) === cents * 10_000))
  })

  it('shows what a single token costs instead of nothing', () => {
    expect([formatMoney(175), formatMoney(0), formatMoney(-2_500_000)]).toEqual(['$0.000175', '$0.00', '-$2.50'])
  })
})

describe('durations', () => {
  it('are read with their unit', () => {
    expect(['500ms', '30s', '5m', '24h', '30d', '2w', '1h30m'].map(parseDuration)).toEqual([500, 30_000, 300_000, 86_400_000, 2_592_000_000, 1_209_600_000, 5_400_000])
  })

  it('are not guessed from a bare number, a fraction or an unknown unit', () => {
    expect(['5', '', '1.5h', '5 m', '-1h', '5y', 'h'].map(parseDuration)).toEqual([null, null, null, null, null, null, null])
  })

  it('are shown in the two units that matter', () => {
    expect([350, 59_999, 250_000, 7_200_000, 90_061_000].map(formatDuration)).toEqual(['350ms', '1m', '4m 10s', '2h', '1d 1h'])
  })
})

describe('nearest', () => {
  it('finds a slip of the pen and nothing far-fetched', () => {
    const names = ['allowed_hosts', 'denied_hosts', 'budgets']
    expect([nearest('alowed_hosts', names), nearest('Budgets', names), nearest('zebra', names), nearest('x', [])]).toEqual(['allowed_hosts', 'budgets', null, null])
  })
})

describe('addresses', () => {
  it('reads where to listen, and refuses names that are not addresses', () => {
    expect(['127.0.0.1:80', '[::1]:443', '8080', 'localhost:1'].map(parseListen)).toEqual([
      { host: '127.0.0.1', port: 80 }, { host: '::1', port: 443 }, { host: '127.0.0.1', port: 8080 }, { host: '127.0.0.1', port: 1 },
    ])
    expect(['example.com:80', '1.2.3.4', '1.2.3.4:99999', '', ':80', '999.1.1.1:80'].map(parseListen)).toEqual([null, null, null, null, null, null])
    expect(formatListen({ host: '::1', port: 80 })).toBe('[::1]:80')
  })

  it('lets only global unicast pass for public, whatever form hides the rest', () => {
    const hidden = [
      '127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1',
      '::1', '::', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001::1', '::7f00:1', '2001:db8::1', 'not an address',
    ]
    expect(hidden.filter(isPublicAddress)).toEqual([])
    expect(['8.8.8.8', '1.1.1.1', '2606:4700::1111'].every(isPublicAddress)).toBe(true)
  })

  it('knows loopback in both families and through a mapping', () => {
    expect(['127.9.9.9', '::1', '::ffff:127.0.0.1', '128.0.0.1', 'x'].map(isLoopback)).toEqual([true, true, true, false, false])
  })

  it('gives one spelling to a host that was spelt in many', () => {
    for (const host of ['0x7f.1', '2130706433', '0177.0.0.1', '127.1', '127.0.0.1.']) expect([host, normaliseHost(host)]).toEqual([host, '127.0.0.1'])
    expect([normaliseHost('EXAMPLE.com.'), normaliseHost('[::FFFF:127.0.0.1]'), normaliseHost('münchen.de')]).toEqual(['example.com', '::ffff:7f00:1', 'xn--mnchen-3ya.de'])
    expect(['', 'a b', 'a/b', 'user@host', 'a#b', '..', '%zz'].map(normaliseHost)).toEqual([null, null, null, null, null, null, null])
  })
})

describe('a secret', () => {
  it('does not print itself, however it is asked', () => {
    const secret = new Secret('hush')
    const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ deep: [secret] })].join(' ')
    expect(printed).not.toContain('hush')
    expect(secret.reveal()).toBe('hush')
  })
})

describe('names from chance', () => {
  it('are long enough not to meet twice, and repeatable under a given generator', () => {
    expect(nonce()).toMatch(/^[0-9a-f]{32}$/)
    expect(randomId({ bytes: (count) => Buffer.alloc(count, 1) })).toBe('AQEBAQEBAQEBAQEB')
  })
})

describe('writeFileAtomic', () => {
  it('leaves the new bytes under the mode that was asked for, and no neighbour', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atomic-'))
    await writeFileAtomic(join(folder, 'f'), 'one')
    await writeFileAtomic(join(folder, 'f'), 'two', { mode: 0o640 })
    expect([readFileSync(join(folder, 'f'), 'utf8'), statSync(join(folder, 'f')).mode & 0o777, readdirSync(folder)]).toEqual(['two', 0o640, ['f']])
  })

  it('replaces a link instead of following it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atomic-'))
    writeFileSync(join(folder, 'victim'), 'untouched')
    symlinkSync(join(folder, 'victim'), join(folder, 'f'))
    await writeFileAtomic(join(folder, 'f'), 'new')
    expect([readFileSync(join(folder, 'victim'), 'utf8'), readFileSync(join(folder, 'f'), 'utf8')]).toEqual(['untouched', 'new'])
  })

  it('fails whole when the folder is missing', async () => {
    await expect(writeFileAtomic('/nowhere/at/all', 'x')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
