import { linuxOf, type FactReader } from '../subject.ts'
import type { Machine } from '../../host/index.ts'

/** What starts by itself on this machine. */
export interface ServicesFacts {
  /** Units that some target wants, such as `ssh.service`, or that listen for somebody. */
  enabled: readonly string[]
}

const folder = '/etc/systemd/system'

export const services: FactReader<ServicesFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const names = (await host.names(folder)) ?? []
    const wants = await Promise.all(names.filter((name) => /\.(wants|requires)$/.test(name)).map(async (name) => (await host.names(`${folder}/${name}`)) ?? []))
    const inetd = (await host.text('/etc/inetd.conf')) ?? ''
    const fromInetd = inetd.split('\n').filter((line) => /^\s*[a-z]/.test(line)).map((line) => `${line.trim().split(/\s+/)[0]!}.inetd`)
    const masked = await maskedOf(host, names)
    return { enabled: [...new Set([...wants.flat(), ...fromInetd])].filter((name) => !masked.has(name)).sort() }
  },
}

/** Does it start with the machine? */
export async function isEnabled(host: Machine, unit: string): Promise<boolean> {
  const found = await Promise.all(['multi-user.target.wants', 'sysinit.target.wants', 'basic.target.wants', 'network-pre.target.wants'].map(async (target) => await host.status(`${folder}/${target}/${unit}`)))
  return found.some((status) => status !== null)
}

// systemctl mask: a link to /dev/null of that name.
async function maskedOf(host: Machine, names: readonly string[]): Promise<ReadonlySet<string>> {
  const masked = await Promise.all(names.filter((name) => /\.(service|socket)$/.test(name)).map(async (name) => ((await host.status(`${folder}/${name}`))?.target === '/dev/null' ? [name] : [])))
  return new Set(masked.flat())
}
