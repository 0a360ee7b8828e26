import type { ConfigDisk } from './disk.ts'

/** A disk in memory: path of a directory → name → text. Everything is safely owned unless `modes` says otherwise. */
export function fakeDisk(
  folders: Readonly<Record<string, Readonly<Record<string, string>>>>,
  modes: Readonly<Record<string, number>> = {},
  owners: Readonly<Record<string, number>> = {},
): ConfigDisk {
  return {
    self: 1000,
    async folder(path) {
      const folder = folders[path]
      return folder === undefined ? null : { names: Object.keys(folder), uid: owners[path] ?? 1000, mode: modes[path] ?? 0o755 }
    },
    async file(path, maxBytes) {
      const cut = path.lastIndexOf('/')
      const text = folders[path.slice(0, cut)]?.[path.slice(cut + 1)]
      if (text === undefined) throw new Error('no such file')
      if (text.length > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
      return { text, uid: owners[path] ?? 1000, mode: modes[path] ?? 0o640 }
    },
  }
}
