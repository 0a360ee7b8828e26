import { posix } from 'node:path'
import { messageOf, isRecord } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import type { Origin } from '../config-origins.ts'
import { readTolerantly } from './config-text.ts'

/** A configuration with what it includes, and where each part of it stands. */
export interface Included {
  value: unknown
  origins: readonly Origin[]
  problems: readonly { at: string; message: string }[]
}

// OpenClaw's own bounds (2026.9.6, config includes): 10 deep, 2 MiB each. The number of files is ours: ten that include
// each other ten times over would be read a billion times.
const maxDepth = 10
const maxBytes = 2 * 1024 * 1024
const maxFiles = 100

/**
 * Puts in what `$include` names: objects are merged, lists joined, and what stands beside the `$include` wins, as
 * OpenClaw does it. A file that cannot be had is named and left out; files outside the folder are none of its.
 */
export async function withIncludes(files: Machine, config: string, value: unknown): Promise<Included> {
  const reading = new Reading(files, posix.dirname(config))
  const whole = await reading.resolve(value, { at: [], file: null, from: [] }, [config])
  return { value: whole, origins: reading.origins, problems: reading.problems }
}

class Reading {
  readonly origins: Origin[] = []
  readonly problems: { at: string; message: string }[] = []
  private readonly files: Machine
  private readonly folder: string
  private read = 0

  constructor(files: Machine, folder: string) {
    this.files = files
    this.folder = folder
  }

  /** @param chain the files that led here, the one `here` stands in last */
  async resolve(value: unknown, here: Origin, chain: readonly string[]): Promise<unknown> {
    if (Array.isArray(value)) return await Promise.all(value.map(async (item, i) => await this.resolve(item, below(here, String(i)), chain)))
    if (!isRecord(value)) return value
    const named = Object.hasOwn(value, '$include') ? value['$include'] : undefined
    const included = named === undefined ? undefined : await this.include(named, here, chain)
    const own: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$include') Object.defineProperty(own, key, { value: await this.resolve(inner, below(here, key), chain), enumerable: true, configurable: true, writable: true })
    }
    if (included === undefined) return own
    this.siblings(own, included, here)
    return Object.keys(own).length === 0 ? included : merge(included, own)
  }

  private async include(named: unknown, here: Origin, chain: readonly string[]): Promise<unknown> {
    const names = Array.isArray(named) ? named : [named]
    let whole: unknown = Array.isArray(named) ? {} : undefined
    for (const name of names) {
      const one = typeof name === 'string' ? await this.file(name, here, chain) : this.refuse(here, 'it is no name of a file')
      if (one !== undefined) whole = whole === undefined ? one : merge(whole, one)
    }
    return whole
  }

  private async file(name: string, here: Origin, chain: readonly string[]): Promise<unknown> {
    const path = posix.resolve(posix.dirname(chain.at(-1)!), name)
    if (!path.startsWith(`${this.folder}/`)) return this.refuse(here, `${path} is outside of the folder`)
    if (chain.includes(path)) return this.refuse(here, `${path} includes itself`)
    if (chain.length > maxDepth || ++this.read > maxFiles) return this.refuse(here, 'too many files include each other')
    try {
      const text = await this.files.text(path, maxBytes)
      if (text === null) return this.refuse(here, `${path} is not there`)
      const { value, problems } = readTolerantly(text)
      this.problems.push(...problems.map((problem) => ({ at: `${path} ${problem.at}`, message: problem.message })))
      const origin = { at: here.at, file: path, from: [] }
      this.origins.push(origin)
      return await this.resolve(value, origin, [...chain, path])
    } catch (error) {
      return this.refuse(here, messageOf(error))
    }
  }

  /** What stands beside the `$include` stands in this file, and not in the included one. */
  private siblings(own: Record<string, unknown>, included: unknown, here: Origin): void {
    for (const [key, value] of Object.entries(own)) {
      const theirs = isRecord(included) && Object.hasOwn(included, key) ? included[key] : undefined
      if (isRecord(value) && isRecord(theirs)) this.siblings(value, theirs, below(here, key))
      else this.origins.push(below(here, key))
    }
  }

  private refuse({ at }: Origin, message: string): undefined {
    this.problems.push({ at: [...at, '$include'].join('.'), message })
    return undefined
  }
}

function below({ at, file, from }: Origin, key: string): Origin {
  return { at: [...at, key], file, from: [...from, key] }
}

function merge(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return [...base, ...over] as unknown[]
  if (!isRecord(base) || !isRecord(over)) return over
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const to = Object.hasOwn(base, key) ? merge(base[key], value) : value
    Object.defineProperty(merged, key, { value: to, enumerable: true, configurable: true, writable: true })
  }
  return merged
}
