import type { Machine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'

/** Modes and owners of what sshd trusts. */
export interface SshFilesFacts {
  /** Configuration and its folder, drop-ins included. */
  configs: readonly OwnedFile[]
  /** Private halves of the keys the host shows. */
  hostKeys: readonly OwnedFile[]
}

export interface OwnedFile {
  path: string
  mode: number
  uid: number
  gid: number
}

export const sshFiles: FactReader<SshFilesFacts> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const { files } = await ask('sshd')
    const keys = ((await host.names('/etc/ssh')) ?? []).filter((name) => /^ssh_host_.*_key$/.test(name)).map((name) => `/etc/ssh/${name}`)
    return {
      configs: await owned(host, ['/etc/ssh', '/etc/ssh/sshd_config.d', ...Object.keys(files)]),
      hostKeys: await owned(host, keys),
    }
  },
}

/** What is there of these, links left out: a mode of a link means nothing. */
export async function owned(host: Machine, paths: readonly string[]): Promise<OwnedFile[]> {
  const found = await Promise.all(paths.map(async (path) => {
    const status = await host.status(path)
    return status === null || status.kind === 'link' ? [] : [{ path, mode: status.mode, uid: status.uid, gid: status.gid }]
  }))
  return found.flat()
}
