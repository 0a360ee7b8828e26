import { describe, expect, it } from 'vitest'
import { patienceMsFor, type Hands } from './hands.ts'
import { packageSteps } from './packages.ts'
import type { Step } from './step.ts'

const install = { kind: 'command', part: 'fail2ban', checks: ['fail2ban.installed'], do: ['apt-get', 'install', '-y', 'fail2ban'], undo: ['apt-get', 'remove', '-y', 'fail2ban'], means: 'installs fail2ban' } as const satisfies Step
const start = { ...install, do: ['systemctl', 'enable', '--now', 'fail2ban'], undo: ['systemctl', 'disable', '--now', 'fail2ban'] } as const satisfies Step
// As apt 2.6.1 of Debian 12 prints it: one new package, one that comes with it, one that is upgraded on the way.
const plan = 'Inst python3-systemd (235-1+b2 Debian:12.11/stable [amd64])\nInst libc6 [2.36-9] (2.36-10 Debian:12.11/stable [amd64])\nInst fail2ban (1.0.2-2 Debian:12.11/stable [all])\nConf fail2ban (1.0.2-2 Debian:12.11/stable [all])\n'

const debian = (said: { orphans?: string; suggested?: string; known?: string; plan?: string }): Hands =>
  ({
    run: async ([program, verb, ...words]: readonly string[]) => {
      const out = program === 'dpkg-query' ? (words.includes('libc6') ? 'rc \n' : (said.known ?? '')) : verb === 'autoremove' ? (words.includes('-o') ? (said.suggested ?? said.orphans ?? '') : (said.orphans ?? '')) : (said.plan ?? plan)
      return await Promise.resolve({ status: program === 'dpkg-query' ? 1 : 0, out, err: '' })
    },
  }) as unknown as Hands
const undoOn = async (said: Parameters<typeof debian>[0]): Promise<unknown> => ((await packageSteps([install], debian(said)))[0] as typeof install).undo

describe('an installation is taken back', () => {
  it('with its configuration and what came with it', async () => {
    expect(await undoOn({})).toEqual(['apt-get', 'purge', '-y', '-o', 'APT::AutoRemove::SuggestsImportant=false', '--auto-remove', 'fail2ban'])
  })

  it('without sweeping out what only a suggestion kept before', async () => {
    expect(await undoOn({ suggested: 'Remv xz-utils [5.4.1-1]\n' })).toEqual(['apt-get', 'purge', '-y', '--auto-remove', 'fail2ban'])
  })

  it('without sweeping out what nobody needed before', async () => {
    expect(await undoOn({ orphans: 'Remv old-library [1.2-3]\n' })).toEqual(['apt-get', 'purge', '-y', 'fail2ban'])
  })

  it('without the configuration somebody kept of it, or of what comes with it', async () => {
    expect(await undoOn({ known: 'rc \n' })).toEqual(['apt-get', 'remove', '-y', 'fail2ban'])
  })

  it('by its own word where apt does not say what it would do', async () => {
    expect(await undoOn({ plan: '' })).toEqual(['apt-get', 'remove', '-y', 'fail2ban'])
    expect(await packageSteps([install], null)).toEqual([install])
  })

  it('and no other step is touched', async () => {
    const upgrade = { ...install, do: ['apt-get', 'install', '-y', '--only-upgrade', 'openssl'], undo: null }
    expect(await packageSteps([start, upgrade], debian({}))).toEqual([start, upgrade])
  })
})

// Seen: auditd, after five minutes on an emulated machine under load, ended with half of it unpacked.
it('an installation is not ended when everything else would be', () => {
  expect(patienceMsFor(['apt-get', 'install', '-y', 'auditd'])).toBe(1_200_000)
  expect(patienceMsFor(['dpkg', '--configure', '-a'])).toBe(1_200_000)
  expect(patienceMsFor(['sysctl', '-q', '-w', 'kernel.kptr_restrict=2'])).toBe(300_000)
})
