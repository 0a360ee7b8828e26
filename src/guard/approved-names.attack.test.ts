import { describe, expect, it } from 'vitest'
import { approvedNames } from './approved-names.ts'

type Rules = Parameters<typeof approvedNames>[0]['rules']
const names = (more: Partial<Rules> = {}, allowPrivate: string[] = []) =>
  approvedNames({ rules: { mode: 'enforce', allowedHosts: ['api.example.com', '*.nip.io', 'intranet', '*.corp.internal'], deniedHosts: ['*'], agents: {}, skills: {}, ...more }, allowPrivate })

const inside = ['10-0-0-1.nip.io', 'intranet', 'metadata.google.internal', 'db.corp.internal', 'printer.local', 'wpad', '169.254.169.254.example.com']

describe('a name the way out refuses, listed or not', () => {
  it.each(['enforce', 'learn', 'report'] as const)('is not asked of a resolver either: %s', (mode) => {
    for (const name of inside) expect(names({ mode }).isApproved(name), name).toBeNull()
    expect(names({ mode }).isApproved('api.example.com')).not.toBeNull()
  })

  it('resolves where the operator says that it is meant', () => {
    expect(names({}, ['intranet']).isApproved('intranet')).toMatchObject({ scope: 'host' })
  })
})

it.each([
  '::ffff:10.0.0.1', '::ffff:a00:1', '::ffff:127.0.0.1', '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::', '::10.0.0.1', '::1', '::', 'fe80::1', 'fd00::1', 'ff02::1',
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '2001::1', 'not an address',
])('no answer leads to %s', (address) => {
  expect(names().mayLeadTo('api.example.com', address)).toBe(false)
})
