import { describe, expect, it } from 'vitest'
import { escapes, hardenedContainer } from './containers.ts'
import { sandboxSettings } from './settings.ts'

const contained = 'CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nlinks: lo\npids: 100\nmemory: 1073741824\n'
const limits = { processes: 100, memory: 1_073_741_824 }

describe('a container that was tried', () => {
  it('is contained when the kernel says so of every wall', () => {
    expect(escapes(contained, limits)).toEqual([])
  })

  it.each([
    ['it has capabilities', contained.replace('CapEff:\t0000000000000000', 'CapEff:\t00000000a80425fb')],
    ['it has capabilities', contained.replace('CapBnd:\t0000000000000000', 'CapBnd:\t00000000a80425fb')],
    ['it can gain privileges', contained.replace('NoNewPrivs:\t1', 'NoNewPrivs:\t0')],
    ['no system call is filtered', contained.replace('Seccomp:\t2', 'Seccomp:\t0')],
    ['it has a network', contained.replace('links: lo', 'links: eth0 lo')],
    ['its root can be written', `${contained}root-written\n`],
    ['its processes are not limited', contained.replace('pids: 100', 'pids: max')],
    ['its memory is not limited', contained.replace('1073741824', '9223372036854771712')],
    ['its memory is not limited', contained.replace('memory: 1073741824', 'memory:')],
  ])('is not when %s', (words, seen) => {
    expect(escapes(seen, limits)).toEqual([words])
  })

  it('that printed nothing of it did not start', () => {
    expect(escapes('permission denied on the socket', limits)).toEqual(['it did not start: permission denied on the socket'])
  })

  it('is described to OpenClaw in its own words', () => {
    expect(hardenedContainer(sandboxSettings.parse({ limits: { memory: '1GB', processes: 100 } }))).toMatchObject({
      network: 'none', readOnlyRoot: true, capDrop: ['ALL'], pidsLimit: 100, memory: '1073741824', memorySwap: '1073741824', cpus: 2,
    })
  })
})
