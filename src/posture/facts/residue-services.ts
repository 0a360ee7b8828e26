import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import { looksLikeCredential } from '../../secrets/index.ts'
import { placeFor } from '../definition-secrets.ts'
import { linuxOf, requirePart, type FactReader } from '../subject.ts'

/** Definitions of services in which a secret is written down. */
export interface ServiceSecretFacts {
  /** With the value: what a change has to move, and nothing to be shown. */
  found: readonly (ServiceVariable & { isUnit: boolean })[]
  /** Definitions with a secret, and the files it can be moved to, as they are. */
  texts: Readonly<Record<string, string>>
  unread: readonly { path: string; why: string }[]
}

/** `Environment=` of systemd units and `environment:` of Compose files: whoever may list services reads those. */
export const serviceSecrets: FactReader<ServiceSecretFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    await requirePart(host, 'definitions of services', ['/etc/systemd/system', host.home, '/opt/openclaw', '/srv/openclaw'])
    const found: ServiceSecretFacts['found'][number][] = []
    const unread: ServiceSecretFacts['unread'][number][] = []
    const texts: Record<string, string> = {}
    for (const { path, isUnit } of await definitions(host)) {
      try {
        const text = (await host.text(path)) ?? ''
        const secrets = (isUnit ? inUnit(text) : inCompose(text)).filter(isSecret)
        if (secrets.length === 0) continue
        found.push(...secrets.map((secret) => ({ path, isUnit, ...secret })))
        const place = placeFor(path, isUnit)
        const there = await host.text(place)
        Object.assign(texts, { [path]: text, ...(there !== null && { [place]: there }) })
      } catch (error) {
        unread.push({ path, why: messageOf(error) })
      }
    }
    return { found, texts, unread }
  },
}

/** A variable a definition of a service sets. */
export interface ServiceVariable {
  path: string
  line: number
  name: string
  value: string
}

/** What services of OpenClaw are started with: their definitions, and the files those name. Nothing where none can be read. */
export async function serviceVariables(host: Machine): Promise<ServiceVariable[]> {
  if (host.platform !== 'linux') return []
  const variables: ServiceVariable[] = []
  for (const { path, isUnit } of await definitions(host)) {
    const text = (await host.text(path).catch(() => null)) ?? ''
    variables.push(...(isUnit ? inUnit(text) : inCompose(text)).map((variable) => ({ path, ...variable })))
    for (const [, file] of isUnit ? text.matchAll(/^\s*EnvironmentFile\s*=\s*-?(\S+)/gm) : []) {
      const place = file!.replace('%h', host.home)
      const lines = ((await host.text(place).catch(() => null)) ?? '').split('\n')
      variables.push(...lines.flatMap((line, i) => variableIn(/^\s*([A-Za-z_]\w*)\s*=\s*["']?(.*?)["']?\s*$/.exec(line), i)).map((variable) => ({ path: place, ...variable })))
    }
  }
  return variables
}

const ours = /openclaw|clawdbot|moltbot|clawd|hardshell/i

async function definitions(host: Machine): Promise<{ path: string; isUnit: boolean }[]> {
  const paths: { path: string; isUnit: boolean }[] = []
  for (const folder of ['/etc/systemd/system', posix.join(host.home, '.config/systemd/user')]) {
    for (const name of ((await host.names(folder)) ?? []).filter((each) => ours.test(each))) {
      const path = posix.join(folder, name)
      if (name.endsWith('.service')) paths.push({ path, isUnit: true })
      if (name.endsWith('.service.d')) for (const part of (await host.names(path)) ?? []) paths.push({ path: posix.join(path, part), isUnit: true })
    }
  }
  for (const folder of [host.home, ...['openclaw', '.openclaw', 'clawdbot', 'moltbot'].map((name) => posix.join(host.home, name)), '/opt/openclaw', '/srv/openclaw']) {
    const names = ((await host.names(folder)) ?? []).filter((name) => /^(?:docker-)?compose.*\.ya?ml$/.test(name))
    paths.push(...names.map((name) => ({ path: posix.join(folder, name), isUnit: false })))
  }
  return paths
}

export type Spot = Omit<ServiceVariable, 'path'>

/** `Environment="A=b" C=d`. Pure. */
function inUnit(text: string): Spot[] {
  return text.split('\n').flatMap((line, i) => {
    const assigned = /^\s*Environment\s*=\s*(.*)$/.exec(line)?.[1] ?? ''
    const parts = assigned.matchAll(/"([A-Za-z_]\w*)=([^"]*)"|'([A-Za-z_]\w*)=([^']*)'|([A-Za-z_]\w*)=(\S*)/g)
    return [...parts].map(([, a, b, c, d, e, f]) => ({ line: i + 1, name: a ?? c ?? e!, value: b ?? d ?? f! }))
  })
}

/** Variables of a Compose file: `- NAME=value` and `NAME: value`. Pure. */
export function inCompose(text: string): Spot[] {
  return text.split('\n').flatMap((line, i) => variableIn(/^\s*(?:-\s*)?["']?([A-Z_][A-Z0-9_]*)["']?\s*[=:]\s*["']?([^"'#]*?)["']?\s*(?:#.*)?$/.exec(line), i))
}

function variableIn(match: RegExpExecArray | null, index: number): Spot[] {
  return match ? [{ line: index + 1, name: match[1]!, value: match[2]! }] : []
}

// Shorter ones are numbers and switches: MAX_TOKENS=4096.
const minSecretChars = 8

/** `${NAME}` and paths are no secrets: what they stand for is elsewhere. */
function isSecret({ name, value }: Spot): boolean {
  const isThere = value.length >= minSecretChars && !value.includes('$') && !/^(?:\/|\.\/|true$|false$|\d+$)/.test(value)
  return isThere && looksLikeCredential(name, value)
}
