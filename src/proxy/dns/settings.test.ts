import { describe, expect, it } from 'vitest'
import { dnsSettings } from './settings.ts'

const mistake = (value: unknown): string => dnsSettings.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') ?? 'none'

describe('the settings of the DNS filter', () => {
  it('are safe when nothing is written: on, on loopback, addresses only', () => {
    expect(dnsSettings.parse(undefined)).toMatchObject({ enabled: true, listen: { host: '127.0.0.1', port: 18_703 }, dangerously_listen_beyond_loopback: false, servers: [], record_types: ['A', 'AAAA'], refuse_with: 'refused', min_ttl: 5000 })
  })

  it('take servers with and without a port, IPv6 too', () => {
    expect(dnsSettings.parse({ servers: ['10.0.0.2', '10.0.0.2:5353', 'fd00::53', '[fd00::53]:5353'] }).servers).toEqual([
      { host: '10.0.0.2', port: 53 }, { host: '10.0.0.2', port: 5353 }, { host: 'fd00::53', port: 53 }, { host: 'fd00::53', port: 5353 },
    ])
    expect(mistake({ servers: ['resolver.example'] })).toContain('servers.0')
  })

  it('take a service over HTTPS only with addresses, and only over HTTPS', () => {
    expect(mistake({ https_servers: [{ url: 'https://doh.example/dns-query' }] })).toContain('name the addresses of doh.example')
    expect(mistake({ https_servers: [{ url: 'http://9.9.9.9/dns-query' }] })).toContain('https_servers.0.url')
    expect(mistake({ https_servers: [{ url: 'https://9.9.9.9/dns-query' }] })).toBe('none')
  })

  it('refuse what would contradict itself, or resolve nothing as it should', () => {
    expect(mistake({ min_ttl: '2m', max_ttl: '1m' })).toContain('must not be longer')
    expect(mistake({ record_types: ['ANY'] })).toContain('record_types.0')
    expect(mistake({ upstream: '1.1.1.1' })).toContain('upstream')
  })
})
