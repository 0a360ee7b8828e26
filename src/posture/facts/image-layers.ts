import { posix } from 'node:path'
import { findSecrets } from '../../content/secrets/index.ts'
import { isRecord } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'

/** A file that holds a secret in a layer of an image. */
export interface LayerSecret {
  /** From the root of the image. */
  path: string
  /** Counted from the bottom, as the image was built. */
  layer: number
  /** Kinds, never values. */
  what: readonly string[]
}

/** What was found in an image's layers; `unread`: how many of them nobody could look into, `left`: files that were not read. */
export interface LayersLooked {
  found: readonly LayerSecret[]
  layers: number
  unread: number
  left: number
}

// With what lies in folders of the system and of packages left out, an image of OpenClaw has some 3,000 names.
const maxLooks = 20_000
// A file of keys has a page; a history or a configuration some more.
const maxBytes = 256 * 1024

/**
 * Looks into the layers of images where the engine keeps them as folders (overlay and overlay2): each by itself, so a file
 * that a later layer deletes is found. One walk for a layer that several images stand on. Links are never followed.
 */
export class Layers {
  private readonly host: Machine
  private readonly walked = new Map<string, Promise<{ found: readonly Omit<LayerSecret, 'layer'>[]; left: number } | null>>()
  private looks = 0

  constructor(host: Machine) {
    this.host = host
  }

  /** @param image what `image inspect` says of one. `null`: the engine keeps its layers otherwise */
  async of(image: unknown): Promise<LayersLooked | null> {
    const folders = foldersOf(image)
    if (folders === null) return null
    const looked = await Promise.all(folders.map(async (folder) => await this.layer(folder)))
    return {
      found: looked.flatMap((one, i) => (one?.found ?? []).map((file) => ({ ...file, layer: i + 1 }))),
      layers: folders.length,
      unread: looked.filter((one) => one === null).length,
      left: looked.reduce((sum, one) => sum + (one?.left ?? 0), 0),
    }
  }

  private layer(folder: string): ReturnType<Layers['walk']> {
    const known = this.walked.get(folder)
    if (known) return known
    const walking = this.walk(folder)
    this.walked.set(folder, walking)
    return walking
  }

  /** `null` where the folder is not there, may not be read, or there is too much in it. */
  private async walk(root: string): Promise<{ found: readonly Omit<LayerSecret, 'layer'>[]; left: number } | null> {
    const found: Omit<LayerSecret, 'layer'>[] = []
    let left = 0
    const queue = ['']
    for (const folder of queue) {
      const names = await this.host.names(`${root}${folder}` || '/').catch(() => null)
      if (names === null) return null
      const chosen = names.filter((name) => !isCode(name) && !isSystems(`${folder}/${name}`.slice(1)))
      this.looks += chosen.length
      if (this.looks > maxLooks) return null
      const kinds = await askAll(chosen, async (name) => await this.host.status(`${root}${folder}/${name}`)).catch(() => null)
      if (kinds === null) return null
      for (const [i, name] of chosen.entries()) {
        const status = kinds[i]
        const path = `${folder}/${name}`
        if (status?.kind === 'folder') queue.push(path)
        if (status?.kind !== 'file' || !mayHoldKeys(path)) continue
        const what = status.size > maxBytes ? null : await this.kindsIn(`${root}${path}`)
        if (what === null) left++
        else if (what.length > 0) found.push({ path, what })
      }
    }
    return { found, left }
  }

  private async kindsIn(path: string): Promise<readonly string[] | null> {
    if (/\.(?:p12|pfx)$/.test(path)) return ['key store']
    const text = await this.host.text(path, maxBytes).catch(() => null)
    return text === null ? null : [...new Set(findSecrets(text).map(({ type }) => type))]
  }
}

/** Folders of an image's layers, the lowest first. `LowerDir` names the nearest first (overlayfs documentation of Linux). */
function foldersOf(image: unknown): readonly string[] | null {
  if (!isRecord(image)) return null
  const { GraphDriver: driver, RootFS: root } = image
  // Podman names a folder that was never made for an image of labels alone.
  if (isRecord(root) && Array.isArray(root['Layers']) && root['Layers'].length === 0) return []
  const data = isRecord(driver) && /^overlay2?$/.test(String(driver['Name'])) ? driver['Data'] : null
  if (!isRecord(data) || typeof data['UpperDir'] !== 'string') return null
  const lower = typeof data['LowerDir'] === 'string' ? data['LowerDir'].split(':').filter((one) => one !== '') : []
  const folders = [data['UpperDir'], ...lower].reverse().map((one) => posix.normalize(one))
  return folders.every((one) => posix.isAbsolute(one)) ? folders : null
}

// Text of programs, which is most of an image. Neither read nor asked whether it is a folder.
function isCode(name: string): boolean {
  return /\.(?:[cm]?[jt]sx?|map|md|mdx|html|css|py|pyc|so|a|h|c|wasm|png|svg|woff2?|gz)$/.test(name)
}

// What a distribution and packages bring: certificates of authorities, samples, tests. Nobody copies a key there by mistake.
const systems = new Set([
  'bin', 'boot', 'dev', 'lib', 'lib32', 'lib64', 'libx32', 'proc', 'sbin', 'sys', 'usr/bin', 'usr/games', 'usr/include', 'usr/lib', 'usr/lib32', 'usr/lib64', 'usr/libexec', 'usr/libx32',
  'usr/local/bin', 'usr/local/include', 'usr/local/lib', 'usr/local/share', 'usr/sbin', 'usr/share', 'var/cache', 'var/lib/apt', 'var/lib/dpkg', 'etc/ssl/certs', 'etc/ca-certificates',
])

function isSystems(path: string): boolean {
  return systems.has(path) || /(?:^|\/)(?:node_modules|site-packages|\.git\/objects)$/.test(path)
}

// Manuals of the programs that keep keys there; OpenClaw's own under its three names.
const names = /^(?:\.env(?:\..+)?|\.(?:npmrc|netrc|pypirc|pgpass|my\.cnf|git-credentials|vault-token|dockercfg|bash_history)|id_(?:rsa|dsa|ecdsa|ed25519)|(?:openclaw|clawdbot|moltbot)\.json(?:\.bak.*)?|auth-profiles\.json|credentials(?:\.\w+)?|secrets?\.(?:json|ya?ml|toml|env)|service-account.*\.json|.+\.(?:pem|key|p12|pfx|tfvars|env))$/
const places = /(?:^|\/)(?:\.docker\/config\.json|\.kube\/config|\.aws\/config|\.git\/config|gh\/hosts\.yml|gcloud\/application_default_credentials\.json)$/

/** Whether a file is called as files with keys are. Pure. */
export function mayHoldKeys(path: string): boolean {
  const name = posix.basename(path)
  return (names.test(name) && !/\.(?:example|sample|template|dist)$/.test(name)) || places.test(path)
}
