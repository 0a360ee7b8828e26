import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import { valueOf } from '../config-values.ts'
import type { FactReader } from '../subject.ts'
import { serviceVariables } from './residue-services.ts'

/** Variables OpenClaw starts with, as far as files tell: settings, its `.env`, the definition of its service. */
export interface EnvironmentFacts {
  /** Name → where it is set, first the one that counts. */
  places: Readonly<Record<string, string>>
  /** OpenClaw's own `.env`; `null` when its state folder was not given. */
  file: string | null
  /** Lines of that file. They are what a change of it has to start from, and nothing to be shown. */
  lines: readonly EnvironmentLine[]
  /** `OPENCLAW_GATEWAY_TOKEN` and `gateway.auth.token` are both set and are not the same. */
  tokensDiffer: boolean
}

/** `export NAME="value"`: the name and value it sets, and how both are written. */
export interface EnvironmentLine {
  name: string
  value: string
  key: string
  written: string
}

export const environment: FactReader<EnvironmentFacts> = {
  async read({ files, host, stateDir }, ask) {
    const config = await ask('config')
    const file = stateDir === null ? null : posix.join(stateDir, '.env')
    const lines = file === null ? [] : readEnvironment((await files.text(file)) ?? '')
    const settings = Object.entries({ ...recordOf(valueOf(config, 'env')), ...recordOf(valueOf(config, 'env.vars')) })
    const set: [string, string, string][] = [
      ...settings.flatMap(([name, value]): [string, string, string][] => (typeof value === 'string' ? [[name, `env of ${config.path}`, value]] : [])),
      ...lines.map(({ name, value }): [string, string, string] => [name, file!, value]),
      ...(host === null ? [] : await serviceVariables(host)).map(({ path, name, value }): [string, string, string] => [name, path, value]),
      // Of a file that was only handed over, the environment of whoever looks says nothing.
      ...Object.entries(host === null ? {} : files.env).flatMap(([name, value]): [string, string, string][] => (value === undefined ? [] : [[name, 'the environment', value]])),
    ]
    // Of two the first counts, so it is put in last.
    const places = Object.fromEntries(set.reverse().filter(([, , value]) => value.trim() !== '').map(([name, place]) => [name, place]))
    const token = valueOf(config, 'gateway.auth.token')
    const other = set.findLast(([name]) => name === 'OPENCLAW_GATEWAY_TOKEN')?.[2].trim()
    const tokensDiffer = typeof token === 'string' && !token.includes('$') && other !== undefined && other !== '' && token.trim() !== other
    return { places, file, lines, tokensDiffer }
  },
}

/** `NAME=value` lines of a `.env` file; quotes around a value and `export` before it are no part of it. Pure. */
export function readEnvironment(text: string): EnvironmentLine[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*((?:export\s+)?([A-Za-z_][A-Za-z0-9_]*))\s*=\s*(.*?)\s*$/.exec(line)
    if (!match) return []
    const [, key, name, written] = match as unknown as [string, string, string, string]
    return [{ key, name, written, value: written.replace(/^(["'])(.*)\1$/, '$2') }]
  })
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
