import { posix } from 'node:path'
import { parse } from 'yaml'
import { parseDockerfile, type DockerfileFacts, type Machine } from '../../host/index.ts'
import { DoesNotArise, type FactReader, type Subject } from '../subject.ts'

/** Containers OpenClaw runs in, as their files describe them. */
export interface ContainersFacts {
  services: readonly ComposeService[]
  dockerfiles: readonly (DockerfileFacts & { path: string; text: string })[]
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
  async read(subject) {
    const machine = subject.files
    const folders = foldersOf(subject)
    const [composed, built] = await Promise.all([filesIn(machine, folders, composeNames), filesIn(machine, folders, dockerfileNames)])
    const services = composed.flatMap(({ path, text }) => servicesOf(path, text))
    const dockerfiles = built.map(({ path, text }) => ({ path, text, ...parseDockerfile(text) }))
    if (services.length === 0 && dockerfiles.length === 0) throw new DoesNotArise('no compose file or Dockerfile of OpenClaw lies where one is looked for')
    return { services, dockerfiles }
  },
}

/** Where people put them: beside the configuration, in the home, in /opt and /srv. */
function foldersOf({ files, config, stateDir }: Subject): readonly string[] {
  const near = [config, stateDir].flatMap((path) => (path === null ? [] : [posix.dirname(path)]))
  const named = [files.home, '/opt', '/srv'].flatMap((base) => [`${base}/openclaw`, `${base}/clawdbot`])
  return [...new Set([...near, ...(stateDir === null ? [] : [stateDir]), files.home, ...named])]
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
  return Object.entries(services).flatMap(([name, service]) => (isObject(service) ? [{ path, name, value: service, isOpenClaw: about.test(`${name} ${String(service['image'] ?? '')} ${String(service['container_name'] ?? '')}`) }] : []))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
