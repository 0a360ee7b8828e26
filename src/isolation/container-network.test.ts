import { describe, expect, it } from 'vitest'
import { containerRules, readNetwork } from './index.ts'
import { bridgeToBe, engineFor, networkStep } from './container-network.ts'
import type { Confinement } from './index.ts'

const confinement: Confinement = {
  name: 'hardshell_70123', uid: 70_123, sandboxUids: null, gatewayPort: 3, loopbackPorts: [], engine: 'docker',
  doors: { model: { host: '127.0.0.1', port: 1 }, egress: { host: '127.0.0.1', port: 2 }, dns: null },
}

describe('a network of containers', () => {
  it.each([
    // Podman 4.3.1 with CNI, and Docker 20.10.24, both as they print it, shortened.
    ['podman', '[{"name":"n","network_interface":"cni-podman1","subnets":[{"subnet":"10.89.0.0/24"}],"internal":true}]', { internal: true, bridge: 'cni-podman1' }],
    ['docker, with our name', '[{"Name":"n","Id":"91b256996369f30a0e7d","Internal":true,"Options":{"com.docker.network.bridge.name":"hs70123"}}]', { internal: true, bridge: 'hs70123' }],
    ['docker, of its own naming', '[{"Name":"n","Id":"91b256996369f30a0e7d","Internal":false,"Options":{}}]', { internal: false, bridge: 'br-91b256996369' }],
    ['docker, without options', '[{"Name":"n","Id":"91b256996369f30a0e7d","Internal":true,"Options":null}]', { internal: true, bridge: 'br-91b256996369' }],
    ['nobody', '[]', null],
  ])('is read as %s tells it', (_engine, text, network) => {
    expect(readNetwork(text)).toEqual(network)
  })

  it('is made without an address of this machine on it (Docker) and without a resolver that would carry names out (Podman)', () => {
    expect(networkStep(confinement, 'docker').command).toContain('com.docker.network.bridge.inhibit_ipv4=true')
    expect(networkStep(confinement, 'podman').command).toEqual(['podman', 'network', 'create', '--internal', '--disable-dns', '--label', 'app=hardshell', 'hardshell_70123'])
    expect(networkStep(confinement, 'podman').undo, 'with force Podman removes the containers as well').not.toContain('-f')
  })

  it('has a bridge whose name fits into the fifteen letters of the kernel', () => {
    expect(bridgeToBe({ ...confinement, uid: 4_294_967_294 }, 'docker').length).toBeLessThanOrEqual(15)
    expect(bridgeToBe(confinement, 'podman').length).toBeLessThanOrEqual(15)
  })

  it('is made by nobody where the engine that was named is not installed', () => {
    expect(engineFor({ engine: 'no-such-engine' as 'docker' })).toBeNull()
  })
})

describe('the rules for what comes from containers', () => {
  const rules = containerRules(confinement, 'hs70123', null).split('\n').map((line) => line.trim())

  it('name one bridge and answer everything from it with a refusal, but what was asked from here', () => {
    expect(rules).toContain('elements = { "hs70123" }')
    expect(rules.filter((line) => line.includes('jump'))).toEqual(['iifname @bridges jump from_containers', 'iifname @bridges oifname != @bridges jump from_containers'])
    expect(rules.filter((line) => line.endsWith(' accept'))).toEqual(['ct direction reply accept'])
    expect(rules).toContain('reject with icmpx admin-prohibited')
  })

  it('are forgotten by the kernel after a time, when they are on trial', () => {
    expect(containerRules(confinement, 'hs70123', 125)).toContain('elements = { "hs70123" timeout 125s }')
  })
})
