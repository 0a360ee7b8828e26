import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { readJson5, valueAt } from '../../openclaw/index.ts'
import type { Machine } from '../../host/index.ts'
import type { FactReader } from '../subject.ts'
import { fromHome } from '../home-folder.ts'

/** The OpenClaw installations of one account: the default one and its profiles (`~/.openclaw-NAME`). */
export interface InstallationFacts {
  /** By folder. */
  installations: readonly Installation[]
  /** Folder of the one that is judged, `null` when no state folder was given. */
  judged: string | null
}

export interface Installation {
  folder: string
  /** `default`, or the name of the profile. */
  name: string
  workspace: string
  /** Places of secrets, with a digest that never leaves the facts: equal digests, equal secrets. */
  secrets: readonly { at: string; digest: string }[]
}

// OpenClaw's own layout: `--profile NAME` keeps everything in `~/.openclaw-NAME` (docs, gateway/multiple-gateways).
const folderName = /^\.openclaw(?:-([A-Za-z0-9_-]{1,64}))?$/

export const installations: FactReader<InstallationFacts> = {
  async read({ files, host, stateDir }) {
    if (stateDir === null) return { installations: [], judged: null }
    // Beside a folder somebody handed over lie its neighbours; this machine's own home has nothing to do with it.
    const homes = new Set([posix.dirname(stateDir), ...(host?.live === true ? [files.home] : [])])
    const found = new Map<string, Installation>()
    for (const home of homes) {
      for (const name of (await files.names(home)) ?? []) {
        const match = folderName.exec(name)
        const folder = posix.join(home, name)
        const made = match === null ? null : await installationIn(folder, match[1] ?? 'default', files)
        if (made !== null) found.set(folder, made)
      }
    }
    return { installations: [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1)), judged: stateDir }
  },
}

async function installationIn(folder: string, name: string, files: Machine): Promise<Installation | null> {
  const text = (await files.status(folder))?.kind === 'folder' ? await files.text(posix.join(folder, 'openclaw.json')) : null
  if (text === null) return null
  const value = readJson5(text)
  const workspace = valueAt(value, ['agents', 'defaults', 'workspace'])
  const env = await files.text(posix.join(folder, '.env'))
  return {
    folder,
    name,
    workspace: typeof workspace === 'string' ? absolute(workspace, files.home) : posix.join(folder, 'workspace'),
    secrets: [...secretsBelow(value, []), ...secretsOfEnv(env ?? '')],
  }
}

function absolute(path: string, home: string): string {
  return posix.normalize(fromHome(path, home)).replace(/(.)\/$/, '$1')
}

// Names OpenClaw gives to settings that hold a secret (docs, reference/secretref-credential-surface).
const secretName = /(?:key|token|secret|password)$/i
// Shorter texts are words such as `none`, not credentials.
const minSecretLength = 12

function secretsBelow(value: unknown, path: readonly string[]): Installation['secrets'] {
  if (typeof value === 'string') {
    const isSecret = secretName.test(path.at(-1) ?? '') && value.length >= minSecretLength && !/^\$\{?\w+\}?$/.test(value)
    return isSecret ? [{ at: path.join('.'), digest: digestOf(value) }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => secretsBelow(part, [...path, key]))
}

function secretsOfEnv(text: string): Installation['secrets'] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(?:export\s+)?(\w+)\s*=\s*(['"]?)(.+?)\2\s*$/.exec(line)
    if (!match || !secretName.test(match[1]!) || match[3]!.length < minSecretLength) return []
    return [{ at: `.env ${match[1]}`, digest: digestOf(match[3]!) }]
  })
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
