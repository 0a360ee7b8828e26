import { expect, it } from 'vitest'
import type { Machine } from '../../host/index.ts'
import type { Draft } from './draft.ts'
import type { CommandStep } from './step.ts'
import { kernelSteps } from './sysctl.ts'

const enable: CommandStep = { kind: 'command', part: 'firewall', checks: ['firewall.default-deny'], do: ['ufw', '--force', 'enable'], undo: ['ufw', '--force', 'disable'], means: 'on' }
const files: Readonly<Record<string, string>> = {
  '/etc/default/ufw': '# ufw\nIPT_SYSCTL=/etc/ufw/sysctl.conf\n',
  '/etc/ufw/sysctl.conf': '# as Debian 12 brings it\nnet/ipv4/conf/default/accept_redirects=0\n#net/ipv4/tcp_sack=1\nnet/ipv4/conf/all/accept_source_route=0\nnet/ipv6/absent=0\n',
  '/proc/sys/net/ipv4/conf/default/accept_redirects': '1\n',
  '/proc/sys/net/ipv4/conf/all/accept_source_route': '0\n',
}
const machine = (more: Readonly<Record<string, string>> = {}): Machine => ({ text: async (path: string) => await Promise.resolve({ ...files, ...more }[path] ?? null) }) as unknown as Machine
// Only files need it, and there are none.
const draft = {} as Draft
const set = ['sysctl', '-q', '-w', 'net.ipv4.conf.default.accept_redirects=0']

it('what ufw has the kernel take is taken back with ufw: it does not do so itself', async () => {
  expect(await kernelSteps([enable], draft, machine())).toMatchObject([{ part: 'firewall', do: set, undo: ['sysctl', '-q', '-w', 'net.ipv4.conf.default.accept_redirects=1'] }, enable])
})

it('nothing is said twice, and nothing where ufw leaves the kernel alone', async () => {
  const known: CommandStep = { ...enable, part: 'sysctl', checks: ['kernel.no-redirects-taken'], do: set, undo: ['sysctl', '-q', '-w', 'net.ipv4.conf.default.accept_redirects=1'] }
  expect(await kernelSteps([known, enable], draft, machine())).toEqual([known, enable])
  expect(await kernelSteps([enable], draft, machine({ '/etc/default/ufw': '#IPT_SYSCTL=/etc/ufw/sysctl.conf\n' }))).toEqual([enable])
  expect(await kernelSteps([enable], draft, null)).toEqual([enable])
})
