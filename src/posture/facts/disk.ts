import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { linuxOf, type FactReader, type Subject } from '../subject.ts'

/** What lies under the state of OpenClaw. */
export interface DiskFacts {
  /** The mount that holds the state folder, or `/` where none was given. */
  state: Mount
  /** Kinds of device-mapper under it; `CRYPT-LUKS2-…` is encrypted. */
  encrypted: boolean
  /** True where what lies under it cannot be told: a virtual disk of a container. */
  opaque: boolean
  swaps: readonly { device: string; encrypted: boolean }[]
  /** The state folder and those above it, with their modes, down from the root. */
  folders: readonly { path: string; mode: number; uid: number }[]
  /** Firmware starts signed kernels only; `null` without UEFI. */
  secureBoot: boolean | null
}

export interface Mount {
  device: string
  point: string
  type: string
  options: readonly string[]
}

export const disk: FactReader<DiskFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const text = await host.text('/proc/mounts')
    if (text === null) throw new Error('/proc/mounts is not there: mounts cannot be told from files alone')
    const path = host === subject.files && subject.stateDir !== null ? subject.stateDir : '/'
    const mounts = mountsOf(text)
    const state = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`)).sort((a, b) => b.point.length - a.point.length)[0]
    if (state === undefined) throw new Error('no mount holds the state folder')
    const crypts = await cryptsOf(host)
    return {
      state,
      encrypted: await isEncrypted(host, state.device, crypts),
      opaque: !state.device.startsWith('/dev/'),
      swaps: await Promise.all(swapsOf((await host.text('/proc/swaps')) ?? '').map(async (device) => ({ device, encrypted: /\/zram\d/.test(device) || (await isEncrypted(host, device, crypts)) }))),
      folders: await foldersOf(host, subject),
      secureBoot: await secureBootOf(host),
    }
  },
}

/** How full the file system of the state is, in percent. Needs the machine itself. */
export const fullness: FactReader<number> = {
  async read(subject) {
    const host = linuxOf(subject)
    const ran = await host.run(['df', '-P', host === subject.files && subject.stateDir !== null ? subject.stateDir : '/'])
    const percent = /\s(\d+)%\s/.exec(ran?.out.split('\n')[1] ?? '')?.[1]
    if (ran?.status !== 0 || percent === undefined) throw new Error('df does not say how full it is')
    return Number(percent)
  },
}

function mountsOf(text: string): Mount[] {
  // The kernel writes a space in a name as \040 (fstab(5)).
  const plain = (word: string): string => word.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
  return text.split('\n').map((line) => line.split(' ')).filter((words) => words.length >= 4).map(([device, point, type, options]) => ({ device: plain(device!), point: plain(point!), type: type!, options: options!.split(',') }))
}

function swapsOf(text: string): string[] {
  return text.split('\n').slice(1).map((line) => line.split(/\s+/)[0]!).filter((device) => device !== '')
}

/** Device-mapper names (`dm-0` and what it is called) that are encrypted. */
async function cryptsOf(host: Machine): Promise<ReadonlyMap<string, boolean>> {
  const names = ((await host.names('/sys/block').catch(() => null)) ?? []).filter((name) => name.startsWith('dm-'))
  const found = new Map<string, boolean>()
  for (const name of names) {
    const uuid = (await host.text(`/sys/block/${name}/dm/uuid`).catch(() => null)) ?? ''
    const slaves = (await host.names(`/sys/block/${name}/slaves`).catch(() => null)) ?? []
    // A volume of LVM on an encrypted disk is encrypted as well.
    const isCrypt = uuid.startsWith('CRYPT-') || slaves.some((slave) => found.get(slave) === true)
    found.set(name, isCrypt)
    const called = (await host.text(`/sys/block/${name}/dm/name`).catch(() => null))?.trim()
    if (called !== undefined) found.set(called, isCrypt)
  }
  return found
}

async function isEncrypted(host: Machine, device: string, crypts: ReadonlyMap<string, boolean>): Promise<boolean> {
  const link = await host.status(device).catch(() => null)
  const names = [posix.basename(device), ...(link?.target == null ? [] : [posix.basename(link.target)])]
  return names.some((name) => crypts.get(name) === true)
}

async function foldersOf(host: Machine, { files, stateDir }: Subject): Promise<DiskFacts['folders']> {
  if (host !== files || stateDir === null) return []
  const paths = stateDir.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/') || '/')
  const found = await Promise.all(paths.map(async (path) => {
    const status = await host.status(path)
    return status?.kind === 'folder' ? [{ path, mode: status.mode, uid: status.uid }] : []
  }))
  return found.flat()
}

// UEFI specification, 32.3: the variable SecureBoot under the global vendor; four bytes of attributes, then the value.
const secureBootVariable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'

async function secureBootOf(host: Machine): Promise<boolean | null> {
  const text = await host.text(secureBootVariable)
  return text === null ? null : text.charCodeAt(text.length - 1) === 1
}
