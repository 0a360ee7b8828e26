import { askAll } from '../ask-all.ts'
import { linuxOf, type FactReader } from '../subject.ts'
import type { Machine } from '../../host/index.ts'

/** Settings of the kernel: as it runs, and as it will after the next start. */
export interface KernelFacts {
  /** False for a copy of a machine, which has no kernel to ask. */
  runs: boolean
  /** Asked one by one from /proc/sys; a key the kernel lacks is missing. */
  now: Readonly<Record<string, string>>
  /** From sysctl.conf and sysctl.d, the last one that says it. */
  configured: Readonly<Record<string, string>>
  /** Our own file, for the plan. */
  own: string | null
  /** Names of security modules that are active, `null` where the kernel does not show them. */
  modules: readonly string[] | null
}

/** After `99-sysctl.conf`, which holds what a person wrote: the last one wins (sysctl.d(5)). */
export const ownSysctls = '/etc/sysctl.d/zz-hardshell.conf'

const folders = ['/usr/lib/sysctl.d', '/run/sysctl.d', '/etc/sysctl.d']

/** Every key a check asks for; one sorted line each. */
export const sysctlKeys = [
  'fs.protected_fifos', 'fs.protected_hardlinks', 'fs.protected_regular', 'fs.protected_symlinks', 'fs.suid_dumpable',
  'kernel.dmesg_restrict', 'kernel.kptr_restrict', 'kernel.perf_event_paranoid', 'kernel.randomize_va_space',
  'kernel.unprivileged_bpf_disabled', 'kernel.yama.ptrace_scope', 'net.core.bpf_jit_harden',
  'net.ipv4.conf.all.accept_redirects', 'net.ipv4.conf.all.accept_source_route', 'net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.all.send_redirects',
  'net.ipv4.conf.default.accept_redirects', 'net.ipv4.conf.default.rp_filter', 'net.ipv4.tcp_syncookies',
  'net.ipv6.conf.all.accept_redirects', 'net.ipv6.conf.all.accept_source_route', 'net.ipv6.conf.default.accept_redirects',
] as const
export type SysctlKey = (typeof sysctlKeys)[number]

export const kernel: FactReader<KernelFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const [values, configured, own, lsm] = await Promise.all([
      Promise.all(sysctlKeys.map(async (key) => [key, await host.text(`/proc/sys/${key.replaceAll('.', '/')}`)] as const)),
      configuredOf(host),
      host.text(ownSysctls),
      host.text('/sys/kernel/security/lsm'),
    ])
    const now = Object.fromEntries(values.flatMap(([key, text]) => (text === null ? [] : [[key, text.trim()]])))
    const runs = Object.keys(now).length > 0
    if (!runs && Object.keys(configured).length === 0 && lsm === null) throw new Error('neither /proc/sys nor files of sysctl are here')
    return { runs, now, configured, own, modules: lsm?.trim().split(',') ?? null }
  },
}

async function configuredOf(host: Machine): Promise<Readonly<Record<string, string>>> {
  // A name in a later folder stands for the same name in an earlier one.
  const places = new Map<string, string>([['99-sysctl.conf', '/etc/sysctl.conf']])
  for (const folder of folders) for (const name of (await host.names(folder)) ?? []) if (name.endsWith('.conf')) places.set(name, `${folder}/${name}`)
  const texts = await askAll([...places].sort(([a], [b]) => (a < b ? -1 : 1)), async ([, path]) => (await host.text(path)) ?? '')
  const lines = texts.flatMap((text) => text.split('\n')).flatMap((line) => {
    const [, key, value] = /^\s*-?\s*([a-z][\w./-]*)\s*=\s*(.*?)\s*$/i.exec(line) ?? []
    return key === undefined ? [] : [[key.replaceAll('/', '.'), value!] as const]
  })
  return Object.fromEntries(lines)
}
