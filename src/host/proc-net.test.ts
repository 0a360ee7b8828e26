import { describe, expect, it } from 'vitest'
import { parseConnections, parseProcNet } from './proc-net.ts'

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const line = (local: string, remote: string, state: string): string => `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000\n`

describe('sockets as the kernel prints them', () => {
  it.each([
    ['IPv4', '0100007F:4965', '127.0.0.1', 18_789],
    ['everybody', '00000000:0016', '0.0.0.0', 22],
    ['IPv6 loopback', '00000000000000000000000001000000:01BB', '::1', 443],
    ['IPv6 everybody', '00000000000000000000000000000000:0050', '::', 80],
    ['IPv4 in IPv6', '0000000000000000FFFF00000100007F:0050', '127.0.0.1', 80],
    ['an address of a network', 'B80D01200000000000000000010000FF:0050', '2001:db8::ff00:1', 80],
  ])('%s', (_, local, address, port) => {
    expect(parseProcNet(header + line(local, local.length > 20 ? '00000000000000000000000000000000:0000' : '00000000:0000', '0A'), 'tcp')).toEqual([{ protocol: 'tcp', address, port, uid: 1000, inode: 4711 }])
  })

  it('leaves connections out', () => {
    expect(parseProcNet(header + line('0100007F:0016', '0100007F:D431', '01') + line('0100007F:0016', '00000000:0000', '06'), 'tcp')).toEqual([])
    expect(parseProcNet(header + line('00000000:14E9', '00000000:0000', '07'), 'udp')).toMatchObject([{ port: 5353 }])
  })

  it('tells connections that stand, with the address of the other side', () => {
    const text = header + line('0100007F:0016', '070071CB:C350', '01') + line('0100007F:0016', '00000000:0000', '0A')
    expect(parseConnections(text)).toEqual([{ port: 22, peer: '203.113.0.7', peerPort: 50_000 }])
    expect(parseConnections(header + line('0000000000000000FFFF0000010200C0:0016', '0000000000000000FFFF0000070071CB:C350', '01'))).toEqual([{ port: 22, peer: '203.113.0.7', peerPort: 50_000 }])
  })
})
