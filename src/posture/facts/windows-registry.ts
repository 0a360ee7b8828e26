import { DoesNotArise, hostOf, type FactReader } from '../subject.ts'
import type { Machine } from '../../host/index.ts'

/** A value of the registry that starts a program when somebody logs in. */
export interface AutostartEntry {
  key: string
  name: string
  /** `REG_SZ` or `REG_EXPAND_SZ`. */
  type: string
  /** The command line. */
  command: string
}

export interface WindowsRegistryFacts {
  autostart: readonly AutostartEntry[]
}

// In its place on every Windows; a name without a path would be whatever comes first in PATH.
export const reg = 'C:/Windows/System32/reg.exe'
/** Of the person who asks, and of everybody. */
export const autostartParents = ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion', 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion', 'HKLM\\Software\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion'] as const
const starting = ['Run', 'RunOnce']

/** What logging in starts. The words of `reg query` are no display language's: names, types and data, four spaces apart. */
export const windowsRegistry: FactReader<WindowsRegistryFacts> = {
  deadlineMs: 10_000,
  async read(subject) {
    const host = hostOf(subject)
    if (host.platform !== 'win32') throw new DoesNotArise(`this is about Windows, and the machine runs ${host.platform}`)
    const found = await Promise.all(autostartParents.map(async (parent) => await entriesBelow(host, parent)))
    return { autostart: found.flat() }
  },
}

/** A key that is not there ends `reg` as one that may not be read does, so the one above is asked which there are. */
async function entriesBelow(host: Machine, parent: string): Promise<AutostartEntry[]> {
  const listed = await host.run([reg, 'query', parent])
  if (listed === null) throw new Error('reg.exe is not in its usual place')
  if (listed.status !== 0) {
    // The 32-bit half is missing on a Windows that has none.
    if (parent.includes('WOW6432Node')) return []
    throw new Error(`reg query ${parent} did not answer`)
  }
  const keys = new Set(listed.out.split(/\r?\n/).map((line) => line.trim().split('\\').at(-1)!.toLowerCase()))
  const found = await Promise.all(starting.filter((name) => keys.has(name.toLowerCase())).map(async (name) => {
    const key = `${parent}\\${name}`
    const ran = await host.run([reg, 'query', key])
    if (ran?.status !== 0) throw new Error(`reg query ${key} did not answer`)
    return parseRegQuery(ran.out, key)
  }))
  return found.flat()
}

/** Texts among the values of one key, as `reg query KEY` prints them. Pure. */
export function parseRegQuery(out: string, key: string): AutostartEntry[] {
  return out.split(/\r?\n/).flatMap((line) => {
    const [, name, type, command] = /^ {4}(.+?) {4}(REG_(?:EXPAND_)?SZ) {4}(.*)$/.exec(line) ?? []
    return name === undefined || command === undefined ? [] : [{ key, name, type: type!, command }]
  })
}
