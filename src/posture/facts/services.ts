import { askAll } from '../ask-all.ts'
import { linuxOf, requirePart, type FactReader } from '../subject.ts'
import type { Machine } from '../../host/index.ts'

/** What starts by itself on this machine. */
export interface ServicesFacts {
  /** Units that some target wants, such as `ssh.service`, or that listen for somebody; `NAME.inetd` for inetd and xinetd. */
  enabled: readonly string[]
  /** False for a part of a machine: what is not among these may start all the same. */
  whole: boolean
}

const folder = '/etc/systemd/system'
const xinetd = '/etc/xinetd.d'

export const services: FactReader<ServicesFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    await requirePart(host, 'units', [folder, '/etc/inetd.conf', xinetd])
    const names = (await host.names(folder)) ?? []
    const wants = await Promise.all(names.filter((name) => /\.(wants|requires)$/.test(name)).map(async (name) => (await host.names(`${folder}/${name}`)) ?? []))
    const inetd = (await host.text('/etc/inetd.conf')) ?? ''
    const fromXinetd = await xinetdServices(host)
    const fromInetd = inetd.split('\n').filter((line) => /^\s*[a-z]/.test(line)).map((line) => `${line.trim().split(/\s+/)[0]!}.inetd`)
    const masked = await maskedOf(host, names)
    const whole = host.live || (names.includes('sysinit.target.wants') && names.includes('multi-user.target.wants'))
    return { enabled: [...new Set([...wants.flat(), ...fromInetd, ...fromXinetd])].filter((name) => !masked.has(name)).sort(), whole }
  },
}

/** Each file holds services; one counts unless it says `disable = yes` (xinetd.conf(5)). */
async function xinetdServices(host: Machine): Promise<string[]> {
  const names = ((await host.names(xinetd)) ?? []).filter((name) => !name.includes('.') && !name.endsWith('~'))
  const texts = await askAll(names, async (name) => (await host.text(`${xinetd}/${name}`)) ?? '')
  const blocks = texts.flatMap((text) => [...text.matchAll(/^\s*service\s+(\S+)\s*\{([^}]*)\}/gm)])
  return blocks.flatMap(([, name, body]) => (/^\s*disable\s*=\s*yes\s*$/im.test(body!) ? [] : [`${name!}.inetd`]))
}

/** Does it start with the machine? */
export async function isEnabled(host: Machine, unit: string): Promise<boolean> {
  const found = await Promise.all(['multi-user.target.wants', 'sysinit.target.wants', 'basic.target.wants', 'network-pre.target.wants'].map(async (target) => await host.status(`${folder}/${target}/${unit}`)))
  return found.some((status) => status !== null)
}

// systemctl mask: a link to /dev/null of that name.
async function maskedOf(host: Machine, names: readonly string[]): Promise<ReadonlySet<string>> {
  const masked = await askAll(names.filter((name) => /\.(service|socket)$/.test(name)), async (name) => ((await host.status(`${folder}/${name}`))?.target === '/dev/null' ? [name] : []))
  return new Set(masked.flat())
}
