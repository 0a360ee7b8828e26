import { posix } from 'node:path'
import type { FactReader } from '../subject.ts'
import { installationFolders } from './residue-places.ts'

/** A file whose very purpose is to hold keys or passwords. */
export interface KeyFile {
  path: string
  /** Permission bits. */
  mode: number
  uid: number
  /** Since it was last written. */
  days: number
  /** OpenClaw reads its keys from here, so how old it is says how old they are. */
  isOpenClaws: boolean
}

// Where programs an agent's host usually has keep their keys (their manuals). OpenClaw's own state is looked after by
// the checks of files.
const inHome = [
  '.netrc',
  '.git-credentials',
  '.npmrc',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.aws/credentials',
  '.config/gh/hosts.yml',
  '.config/gcloud/application_default_credentials.json',
  '.docker/config.json',
  '.kube/config',
  '.vault-token',
]

const dayMs = 24 * 60 * 60 * 1000

export const keyFiles: FactReader<readonly KeyFile[]> = {
  async read(subject) {
    const { files } = subject
    const { config, state, home } = installationFolders(subject)
    const folders = new Set([config, state, posix.join(state, 'workspace')])
    const paths = new Set<string>()
    for (const folder of folders) {
      for (const name of (await files.names(folder)) ?? []) if (isKeyFile(name)) paths.add(posix.join(folder, name))
    }
    const own = paths.size
    if (home !== null) for (const name of ['.env', ...inHome]) paths.add(posix.join(home, name))
    const found: KeyFile[] = []
    for (const [index, path] of [...paths].entries()) {
      const status = await files.status(path)
      if (status?.kind !== 'file') continue
      const { mode, uid, modifiedMs } = status
      found.push({ path, mode, uid, days: Math.floor((subject.now - modifiedMs) / dayMs), isOpenClaws: index < own })
    }
    return found
  },
}

function isKeyFile(name: string): boolean {
  return /^\.env(?:\.|$)/.test(name) ? !/\.(?:example|sample|template|dist)$/.test(name) : /\.(?:pem|key|p12|pfx)$/.test(name)
}
