import { describe, expect, it } from 'vitest'
import { judgeAddresses, parsePrivateAllowance } from './addresses.ts'
import { formatTarget, parseAbsolute, parseAuthority, parseHostHeader } from './target.ts'

describe('the target of a CONNECT', () => {
  it('is host and port, in one spelling', () => {
    expect(parseAuthority('API.Example.com.:443')).toEqual({ host: 'api.example.com', port: 443, literal: false })
    expect(parseAuthority('[2606:4700::1111]:443')).toEqual({ host: '2606:4700::1111', port: 443, literal: true })
    expect(parseAuthority('xn--bcher-kva.example:443')?.host).toBe('xn--bcher-kva.example')
  })

  it.each([
    '',
    'example.com',
    'example.com:',
    ':443',
    'example.com:0',
    'example.com:0443',
    'example.com:+443',
    'example.com:65536',
    'user@example.com:443',
    'user:pass@example.com:443',
    'example.com:443/path',
    'example.com:443#x',
    'exam ple.com:443',
    ' example.com:443',
    'example.com:443\r\nHost: x',
    'example.com\t:443',
    'b\u00fccher.example:443',
    '%31%32%37.0.0.1:443',
    'a..b:443',
    '.example.com:443',
    'example.com..:443',
    '[::1%25lo]:443',
    '::1:443',
    '[::1:443',
    '1.2.3.4.5:443',
    '256.1.1.1:443',
    `${'a'.repeat(64)}.example.com:443`,
    'http://example.com:443',
    '\u2460\u2461\u2466.0.0.1:80',
    'example.com:443:80',
  ])('is nothing else: %j', (text) => {
    expect(parseAuthority(text)).toBeNull()
  })

  // Spellings of addresses that are not public, gathered in PayloadsAllTheThings (MIT), Server Side Request Forgery.
  it.each([
    '127.0.0.1:80',
    '127.1:80',
    '127.0.1:80',
    '2130706433:80',
    '0x7f000001:80',
    '0x7f.1:80',
    '0177.0.0.1:80',
    '017700000001:80',
    '0:80',
    '0.0.0.0:80',
    '[::]:80',
    '[::1]:80',
    '[0000::1]:80',
    '[::ffff:127.0.0.1]:80',
    '[0:0:0:0:0:ffff:7f00:1]:80',
    '[64:ff9b::7f00:1]:80',
    '[64:ff9b:1::1]:80',
    '[2002:7f00:1::]:80',
    '[::127.0.0.1]:80',
    '[2001:0:1::1]:80',
    '127.0.0.1.:80',
    '169.254.169.254:80',
    '2852039166:80',
    '0xA9FEA9FE:80',
    '0251.0376.0251.0376:80',
    '[::ffff:a9fe:a9fe]:80',
    '[fd00:ec2::254]:80',
    '100.100.100.200:80',
    '192.0.0.192:80',
    '10.0.0.1:80',
    '192.168.1.1:80',
    '172.16.0.1:80',
    '[fe80::1]:80',
    '[fc00::1]:80',
    '[fec0::1]:80',
    '224.0.0.1:80',
    '255.255.255.255:80',
    '198.18.0.1:80',
    '[2001:db8::1]:80',
    '127.127.127.127:22',
  ])('is seen through when it spells a private address: %s', (text) => {
    const target = parseAuthority(text)
    expect(target?.literal).toBe(true)
    expect(judgeAddresses(target!, [target!.host], parsePrivateAllowance([])).rule).toBe('egress.private-address')
  })
})

describe('the target of a plain request', () => {
  it('is an http URL, and the path the origin is asked for', () => {
    expect(parseAbsolute('http://Example.com/a?b=1')).toEqual({
      target: { host: 'example.com', port: 80, literal: false },
      path: '/a?b=1',
    })
    expect(parseAbsolute('http://example.com:8080')?.path).toBe('/')
    expect(parseAbsolute('http://example.com?q')?.path).toBe('/?q')
    expect(parseAbsolute('http://[::1]:8080/')?.target).toEqual({ host: '::1', port: 8080, literal: true })
  })

  it.each([
    '/path',
    'https://example.com/',
    'ftp://example.com/',
    'http:///x',
    'http://u@example.com/',
    'http://example.com/#f',
    'http://a\\@b/',
  ])('is nothing else: %s', (url) => {
    expect(parseAbsolute(url)).toBeNull()
  })
})

it('a Host header means port 80 when it says none', () => {
  expect(parseHostHeader('example.com')?.port).toBe(80)
  expect(parseHostHeader('[::1]')).toEqual({ host: '::1', port: 80, literal: true })
  expect(parseHostHeader('example.com:81')?.port).toBe(81)
  expect(parseHostHeader('::1')).toBeNull()
})

it('an IPv6 target is written in brackets', () => {
  expect(formatTarget({ host: '::1', port: 443, literal: true })).toBe('[::1]:443')
})
