import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sampleFacts } from './facts.test.fixture.ts'
import { exposureOf, findProfile, profiles, unitsOf, type InstallationFacts } from './index.ts'

const fileOf = (profile: string, path: string, facts: InstallationFacts = sampleFacts()): string => {
  const file = findProfile(profile).files(facts).find((one) => one.path === path)
  if (!file) throw new Error(`${profile} has no ${path}`)
  return file.text
}

/** Lines of a setting in a unit. */
const settings = (text: string, name: string): string[] => text.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))

describe('every profile', () => {
  it('is found by its name, in the order of names; another name is met with the nearest', () => {
    expect(profiles.map(({ name }) => name)).toEqual(profiles.map(({ name }) => name).toSorted())
    expect(() => findProfile('sytemd')).toThrow(/did you mean systemd\?/)
  })

  it.each(profiles)('$name gives the same bytes for the same facts, ends its lines and holds no placeholder', (profile) => {
    const files = profile.files(sampleFacts())
    expect(profile.files(sampleFacts())).toEqual(files)
    for (const { text } of files) {
      expect(text.endsWith('\n')).toBe(true)
      expect(text).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it('never lets a folder with odd letters change what a line means', () => {
    const odd = fc.string({ unit: fc.constantFrom(...' %$"\'\\:#{}[]*?^ab'), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(odd, (letters) => {
        const facts = sampleFacts({ state: `/srv/${letters}`, config: `/etc/${letters}` })
        for (const profile of profiles) {
          const plain = profile.files(sampleFacts({ state: '/srv/x', config: '/etc/x' }))
          const files = profile.files(facts)
          expect(files.map(({ text }) => text.split('\n').length)).toEqual(plain.map(({ text }) => text.split('\n').length))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('refuses a folder with a line break in it where a line break would be the end of a value', () => {
    const facts = sampleFacts({ state: '/srv/x\nExecStartPre=/bin/evil' })
    for (const name of ['systemd', 'apparmor']) expect(() => findProfile(name).files(facts)).toThrow(/control character/)
  })
})

// What OpenClaw 2026.9.6 asks for while it starts and was refused, under a kernel that enforces it: tests/vm/apparmor.sh.
describe('the AppArmor profile of the gateway', () => {
  const rules = fileOf('apparmor', 'openclaw').split('\n').map((line) => line.trim())

  it('lets it list /tmp and change there what is its own, no more', () => {
    expect(rules.filter((rule) => rule.includes('/tmp/') && !rule.includes('/var/tmp/'))).toEqual(['owner /tmp/** mrwkl,', '/tmp/ r,'])
  })

  it('refuses to say which machine it is, and fills no log with it', () => {
    expect(rules.filter((rule) => rule.includes('/dmi/'))).toEqual(['deny /sys/devices/virtual/dmi/** r,'])
  })
})

describe('the unit of the whole guard', () => {
  const text = fileOf('systemd', 'hardshell.service')

  it('may change users and look into processes, and nothing that has to do with the kernel', () => {
    expect(settings(text, 'CapabilityBoundingSet')[0]).toContain('CAP_SETUID')
    expect(text).not.toMatch(/CAP_(SYS_MODULE|SYS_RAWIO|SYS_BOOT|SYS_TIME|MKNOD|BPF)/)
  })

  it('loses namespaces, mounts and firewall rules when sandboxes are not wanted', () => {
    const closed = fileOf('systemd', 'hardshell.service', sampleFacts({ sandboxing: false }))
    expect(settings(closed, 'RestrictNamespaces')).toEqual(['yes'])
    expect(closed).not.toContain('CAP_SYS_ADMIN')
    expect(settings(text, 'RestrictNamespaces'), 'user namespaces are for nobody').toEqual(['cgroup ipc mnt net pid uts'])
  })

  it('leaves its sandboxes what they are made with: a host name, and Landlock, which no named set of systemd 252 holds', () => {
    const calls = settings(text, 'SystemCallFilter').join(' ').split(' ')
    for (const call of ['sethostname', '@mount', 'landlock_create_ruleset', 'landlock_add_rule', 'landlock_restrict_self']) expect(calls).toContain(call)
    expect(settings(text, 'ProtectHostname')).toEqual([])
    expect(settings(text, 'ProtectKernelTunables')).toEqual(['yes'])
  })

  it('writes to its state folder and to the folder of a log elsewhere', () => {
    expect(settings(text, 'StateDirectory')).toEqual(['hardshell'])
    const elsewhere = fileOf('systemd', 'hardshell.service', sampleFacts({ state: '/srv/h', logFolder: '/var/log/h' }))
    expect(settings(elsewhere, 'StateDirectory')).toEqual([])
    expect(settings(elsewhere, 'ReadWritePaths')).toEqual(['"/srv/h"', '"/var/log/h"'])
  })

  it('shows of a home only what it needs, read-only', () => {
    const inHome = fileOf('systemd', 'hardshell.service', sampleFacts({ programs: { ...sampleFacts().programs, node: '/root/bin/node' } }))
    expect(settings(inHome, 'ProtectHome')).toEqual(['tmpfs'])
    expect(settings(inHome, 'BindReadOnlyPaths')).toEqual(['"/root/bin/node"'])
    expect(settings(text, 'ProtectHome')).toEqual(['yes'])
  })
})

describe('units in parts', () => {
  const text = fileOf('systemd-parts', 'openclaw.service')

  it('give OpenClaw this machine to speak to and nothing else, two processors, 4 GB and 512 tasks', () => {
    expect(settings(text, 'IPAddressDeny')).toEqual(['any'])
    expect(settings(text, 'IPAddressAllow')).toEqual(['localhost'])
    expect(settings(text, 'CPUQuota')).toEqual(['200%'])
    expect(settings(text, 'MemoryMax')).toEqual(['4000000000'])
    expect(settings(text, 'TasksMax')).toEqual(['512'])
    expect(fileOf('systemd-parts', 'openclaw-disk.service')).toContain('--size=10000000000')
  })

  it('hand each proxy its own secrets: no key to the front door, none at all to the way out', () => {
    const credentials = (part: string): string[] => settings(fileOf('systemd-parts', `hardshell-${part}.service`), 'LoadCredential').map((line) => line.split(':')[0]!)
    expect(credentials('egress')).toEqual([])
    expect(credentials('ingress')).toEqual(['openclaw_gateway_token'])
    expect(credentials('model')).toEqual(['openclaw_model_token', 'ANTHROPIC_API_KEY'])
    expect(settings(text, 'LoadCredential').join(' ')).not.toContain('API_KEY')
  })

  it('refer to secrets in openclaw.json by file and hold none', () => {
    const config = JSON.parse(fileOf('systemd-parts', 'openclaw.json')) as { gateway: { auth: { token: unknown } }; models: { providers: Record<string, { apiKey: unknown; baseUrl: string }> } }
    expect(config.gateway.auth.token).toEqual({ source: 'file', provider: 'gateway-token', id: 'value' })
    expect(config.models.providers['anthropic']).toMatchObject({ apiKey: { source: 'file' }, baseUrl: 'http://127.0.0.1:18701/p/anthropic' })
  })
})

describe('the Compose file', () => {
  interface Service {
    hostname: string
    user: string
    read_only: boolean
    cap_drop: string[]
    networks: object
    network_mode?: string
    ports?: string[]
    secrets: string[]
    volumes: { type: string; source: string; read_only?: boolean }[]
  }
  const document = parse(fileOf('compose', 'compose.yaml')) as { services: Record<string, Service>; networks: Record<string, { internal?: boolean }> }

  it('gives every service a user of its own kind, no capability, a read-only root and one place to write', () => {
    for (const [name, service] of Object.entries(document.services)) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true', 'seccomp:./seccomp.json'] })
      expect(service.user).toBe(name === 'openclaw' ? '10002:10002' : '10001:10001')
      expect(service.volumes.filter(({ read_only }) => read_only !== true).map(({ type }) => type)).toEqual(['volume'])
      expect(service.network_mode).toBeUndefined()
    }
  })

  it('leaves OpenClaw on a network without a way out, and publishes the front door on loopback alone', () => {
    expect(Object.keys(document.services['openclaw']!.networks)).toEqual(['inside'])
    expect(document.networks['inside']).toMatchObject({ internal: true })
    expect(Object.values(document.services).flatMap(({ ports }) => ports ?? [])).toEqual(['127.0.0.1:18700:18700'])
  })

  it('is asked by the names its published port has, and not by that of the container', () => {
    for (const text of [fileOf('compose', 'compose.yaml').replaceAll(/\n\s+- /g, ' '), fileOf('podman', 'podman-up')]) {
      expect(text).toContain('--origins http://127.0.0.1:18700,http://localhost:18700')
    }
  })

  it('has the same host name each time, by which it may take over the log of a container that was killed', () => {
    expect(Object.values(document.services).map(({ hostname }) => hostname)).toEqual(Object.keys(document.services).map((name) => `hardshell-${name}`))
    expect(fileOf('podman', 'podman-up').match(/--hostname hardshell-\w+/g)).toHaveLength(4)
  })

  it('has with Podman a filter that makes no vsock socket and no namespace', () => {
    expect(fileOf('podman', 'podman-up').match(/--security-opt seccomp=seccomp\.json/g)).toHaveLength(4)
    expect(fileOf('compose', 'seccomp.json')).toBe(fileOf('podman', 'seccomp.json'))
    const { syscalls } = JSON.parse(fileOf('podman', 'seccomp.json')) as { syscalls: { names: string[]; action: string; args: { value: number }[] }[] }
    const sockets = syscalls.filter(({ names, action }) => names.includes('socket') && action === 'SCMP_ACT_ALLOW')
    expect(sockets.map(({ args }) => args[0]?.value)).toEqual([1, 2, 10, 16])
    expect(syscalls.flatMap(({ names }) => names)).not.toContain('unshare')
  })

  it('tells no container of a proxy of whoever starts it, whose address may hold a password', () => {
    expect(fileOf('podman', 'podman-up').match(/--http-proxy=false/g)).toHaveLength(4)
  })

  it('asks for secrets in files that both users can read, in a folder of their owner', () => {
    expect(findProfile('compose').notes(sampleFacts()).join('\n')).toContain('openclaw_gateway_token, openclaw_model_token, ANTHROPIC_API_KEY; 0444')
  })

  it('writes disk limits only where they are asked for', () => {
    expect(fileOf('compose', 'compose.yaml')).not.toContain('storage_opt')
    const asked = fileOf('compose', 'compose.yaml', sampleFacts({ containers: { ...sampleFacts().containers, storageQuota: true } }))
    expect(asked).toContain('storage_opt:\n      size: "10000000000"')
  })
})

describe('the Containerfile', () => {
  it('has no base of its own choosing, ends as another user than root, and copies one file', () => {
    const text = fileOf('containerfile', 'Containerfile')
    expect(text).toMatch(/^ARG NODE_IMAGE$/m)
    expect(text.match(/^USER .*$/gm)).toEqual(['USER 10001:10001', 'USER 10002:10002'])
    expect(text.match(/^COPY .*$/gm)).toEqual(['COPY hardshell-1.2.3.tgz ./'])
    expect(text).not.toMatch(/^(ADD|ENV .*(KEY|TOKEN|SECRET))/m)
    // Images of the OCI format have none.
    expect(text).not.toContain('HEALTHCHECK')
  })

  it('leaves neither the cache nor the logs of npm in a layer: they name the registry', () => {
    const layers = fileOf('containerfile', 'Containerfile').split(/^RUN /m).slice(1)
    expect(layers).toHaveLength(2)
    for (const layer of layers) {
      expect(layer).toContain('--cache /tmp/npm --logs-max=0 ')
      expect(layer).toMatch(/rm -rf \/tmp\/npm /)
    }
  })
})

describe('what systemd-analyze says', () => {
  it('is read from its last line, and is unknown without one', () => {
    expect(exposureOf('…\n→ Overall exposure level for openclaw.service: 0.9 SAFE 😀\n')).toBe(0.9)
    expect(exposureOf('Failed to load')).toBeNull()
  })

  it('is asked of every service of a profile, 1.5 being the limit for what runs without root', () => {
    const limits = Object.fromEntries(unitsOf(findProfile('systemd-parts').files(sampleFacts())).map(({ path, limit }) => [path, limit]))
    expect(limits).toMatchObject({ 'openclaw.service': 1.5, 'hardshell-model.service': 1.5, 'hardshell-egress.service': 1.5, 'hardshell-ingress.service': 1.5 })
  })
})
