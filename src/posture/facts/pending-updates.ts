import { compareDebVersions, parsePackages, type Machine } from '../../host/index.ts'
import { DoesNotArise, linuxOf, type FactReader } from '../subject.ts'

// The largest list in use, Ubuntu's security updates of everything, has some forty.
const maxListBytes = 64 * 1024 * 1024
const lists = '/var/lib/apt/lists'

/**
 * Packages that are installed older than a security list of apt has them. Compared here: the solver of apt takes
 * seconds for the same answer, and a copy of a machine has none.
 */
export const pendingUpdates: FactReader<readonly string[]> = {
  async read(subject) {
    const host = linuxOf(subject)
    const status = await host.text('/var/lib/dpkg/status', maxListBytes)
    if (status === null) throw new DoesNotArise('no dpkg on this machine')
    const names = ((await host.names(lists)) ?? []).filter((name) => /security.*_Packages(\.\w+)?$/.test(name))
    if (names.length === 0) throw new Error('apt has no list of security updates: run apt-get update')
    const newest = new Map<string, string>()
    for (const text of await Promise.all(names.map(async (name) => await listText(host, `${lists}/${name}`)))) {
      for (const { name, version } of parsePackages(text)) {
        const known = newest.get(name)
        if (known === undefined || compareDebVersions(known, version) < 0) newest.set(name, version)
      }
    }
    const old = parsePackages(status).filter(({ name, version, installed }) => installed && newest.has(name) && compareDebVersions(version, newest.get(name)!) < 0)
    return [...new Set(old.map(({ name }) => name))]
  },
}

/** Lists may be kept packed; apt's own helper unpacks them. */
async function listText(host: Machine, path: string): Promise<string> {
  if (path.endsWith('_Packages')) return (await host.text(path, maxListBytes)) ?? ''
  const ran = await host.run(['/usr/lib/apt/apt-helper', 'cat-file', path])
  if (ran?.status !== 0) throw new Error(`${path} is packed and nothing here unpacks it`)
  return ran.out
}
