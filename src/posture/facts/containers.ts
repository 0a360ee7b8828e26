import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import { parse } from 'yaml'
import { parseDockerfile, type DockerfileFacts, type Machine } from '../../host/index.ts'
import { placeFor } from '../definition-secrets.ts'
import { DoesNotArise, type FactReader, type Leave, type Subject } from '../subject.ts'

/** Containers OpenClaw runs in, as their files describe them. */
export interface ContainersFacts {
  services: readonly ComposeService[]
  dockerfiles: readonly (DockerfileFacts & { path: string; text: string })[]
  /** Compose files as they are written, with the `.env` beside them that Compose reads by itself. */
  composed: readonly { path: string; text: string; env: string | null }[]
}

export interface ComposeService {
  path: string
  name: string
  /** Is it OpenClaw, or something beside it? */
  isOpenClaw: boolean
  value: Readonly<Record<string, unknown>>
}

const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml', 'docker-compose.override.yml', 'compose.override.yaml']
const dockerfileNames = ['Dockerfile', 'Containerfile', 'Dockerfile.openclaw']
const about = /openclaw|clawdbot|moltbot/i

export const containers: FactReader<ContainersFacts> = {
  async read(subject, _, leave) {
    const machine = subject.files
    const folders = await foldersOf(subject, leave)
    const [composed, built] = await Promise.all([filesIn(machine, folders, composeNames), filesIn(machine, folders, dockerfileNames)])
    const services = composed.flatMap(({ path, text }) => servicesOf(path, text))
    const dockerfiles = built.map(({ path, text }) => ({ path, text, ...parseDockerfile(text) }))
    if (services.length === 0 && dockerfiles.length === 0) throw new DoesNotArise('no compose file or Dockerfile of OpenClaw lies where one is looked for')
    const withEnv = composed.map(async (file) => ({ ...file, env: await machine.text(placeFor(file.path, false)) }))
    return { services, dockerfiles, composed: await Promise.all(withEnv) }
  },
}

// Homes and folders of services beyond that are a server's of many people, where only the first are looked into.
const maxNeighbours = 100

/** Where people put them: beside the configuration, in homes, in /opt and /srv; all homes where all may be read. */
async function foldersOf({ files, config, stateDir }: Subject, leave: Leave): Promise<readonly string[]> {
  const near = [config, stateDir].flatMap((path) => (path === null ? [] : [posix.dirname(path)]))
  const isAllowed = !files.live || files.uid === 0
  const homes = isAllowed ? ['/root', ...(await insideOf(files, '/home', leave))] : []
  const bases = [...new Set([files.home, ...homes])]
  const named = [...bases, '/opt', '/srv', '/etc', '/var/lib'].flatMap((base) => [`${base}/openclaw`, `${base}/clawdbot`, `${base}/moltbot`])
  const services = isAllowed ? [...(await insideOf(files, '/opt', leave)), ...(await insideOf(files, '/srv', leave))] : []
  return [...new Set([...near, ...(stateDir === null ? [] : [stateDir]), ...bases, ...named, ...services])]
}

async function insideOf(machine: Machine, folder: string, leave: Leave): Promise<string[]> {
  const all = (await machine.names(folder)) ?? []
  if (all.length > maxNeighbours) leave({ part: 'containers', what: 'folders', at: folder, looked: maxNeighbours, of: all.length })
  const names = all.slice(0, maxNeighbours)
  const kinds = await Promise.all(names.map(async (name) => (await machine.status(`${folder}/${name}`))?.kind))
  return names.filter((_, i) => kinds[i] === 'folder').map((name) => `${folder}/${name}`)
}

async function filesIn(machine: Machine, folders: readonly string[], names: readonly string[]): Promise<{ path: string; text: string }[]> {
  const found = await Promise.all(folders.flatMap((folder) => names.map(async (name) => {
    const path = `${folder}/${name}`
    const text = await machine.text(path)
    return text !== null && about.test(text) ? [{ path, text }] : []
  })))
  return found.flat()
}

/** @throws Error when the file is no YAML: its services are then unknown, not none */
function servicesOf(path: string, text: string): ComposeService[] {
  const value = parse(text, { logLevel: 'silent', uniqueKeys: false }) as { services?: unknown } | null
  const services = value?.services
  if (typeof services !== 'object' || services === null) return []
  return Object.entries(services).flatMap(([name, service]) => (isRecord(service) ? [{ path, name, value: service, isOpenClaw: about.test(`${name} ${String(service['image'] ?? '')} ${String(service['container_name'] ?? '')}`) }] : []))
}
