import { describe, expect, it } from 'vitest'
import { escapes, hardenedContainer, trialArguments } from './containers.ts'
import { sandboxSettings } from './settings.ts'

const contained = 'Uid:\t70001\t70001\t70001\t70001\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nlinks: lo\npids: 100\nmemory: 1073741824\n'
const limits = { processes: 100, memory: 1_073_741_824 }

describe('a container that was tried', () => {
  it('is contained when the kernel says so of every wall', () => {
    expect(escapes(contained, limits)).toEqual([])
  })

  it.each([
    ['it runs as root', contained.replaceAll('70001', '0')],
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
    expect(hardenedContainer('docker', sandboxSettings.parse({ limits: { memory: '1GB', processes: 100 } }), '/f.json')).toMatchObject({
      network: 'none', readOnlyRoot: true, capDrop: ['ALL'], seccompProfile: '/f.json', pidsLimit: 100, memory: '1073741824', memorySwap: '1073741824', cpus: 2,
    })
  })

  it("leaves Podman's /run alone, where its init lies: OpenClaw refuses to cover it", () => {
    const settings = sandboxSettings.parse({})
    expect(hardenedContainer('podman', settings, '/f.json')['tmpfs']).toEqual(['/tmp', '/var/tmp'])
    expect(trialArguments('podman', settings, { uid: 70_001, gid: 70_001, filter: '/f.json', rootless: false })).not.toContain('/run')
  })

  it('is tried with the init and the user OpenClaw gives it, also without root', () => {
    const words = trialArguments('podman', sandboxSettings.parse({}), { uid: 1000, gid: 1000, filter: '/f.json', rootless: true }).join(' ')
    expect(words).toContain('--init --user 1000:1000 ')
    expect(words).toContain('--userns keep-id:uid=1000,gid=1000 ')
  })
})
