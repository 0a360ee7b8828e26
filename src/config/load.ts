import { createHash } from 'node:crypto'
import { HardshellError } from '../base/index.ts'
import { configDisk, type ConfigDisk } from './disk.ts'
import type { Place, Written } from './document.ts'
import { gather, type Gathered } from './gather.ts'
import { judge } from './judge.ts'
import { dotted, formatProblem, type Path, type Problem } from './problem.ts'
import { rootSchema, type Config } from './sections.ts'

/** A configuration as it was found. */
export interface LoadedConfig {
  /** Frozen. When there are problems these are the defaults alone: half a configuration is not one. */
  config: Config
  /** Everything that is wrong, by file and line. Empty: `config` may be used. */
  problems: Problem[]
  /** Dotted path of every value somebody wrote; lists of plain values count as one. */
  written: string[]
  /** Paths of the files that were read. */
  sources: string[]
  /**
   * SHA-256, hex, of `config`: the same for the same settings, whatever file or order they were written in. With
   * problems it is that of the defaults, so look at those first.
   */
  hash: string
  /** `null`: there is none, all defaults hold. */
  directory: string | null
  /** What was written, before defaults and conversions, by top-level key. Empty when there are problems in the text. */
  input: Readonly<Record<string, Written>>
  /** Where each setting stands; keys are made by `placeKey`. */
  places: ReadonlyMap<string, Place>
}

/**
 * Reads a configuration directory. What people wrote never makes it throw: look at `problems`.
 * @param directory as `findConfig` gave it; `null`: all defaults
 */
export async function loadConfig(directory: string | null, disk: ConfigDisk = configDisk): Promise<LoadedConfig> {
  const nothing: Gathered = { input: {}, places: new Map(), problems: [], sources: [] }
  const gathered = directory === null ? nothing : await gather(directory, disk)
  const judged = judge(gathered)
  const problems = [...gathered.problems, ...judged.problems].sort(byPlace)
  const config = judged.config !== null && problems.length === 0 ? frozen(judged.config) : defaultConfig()
  return {
    config,
    problems,
    written: writtenBelow(gathered.input, []).map(dotted),
    sources: gathered.sources,
    hash: createHash('sha256').update(sortedJson(config)).digest('hex'),
    directory,
    input: gathered.input,
    places: gathered.places,
  }
}

/** What holds where nothing was written: the safe choices. */
export function defaultConfig(): Config {
  return frozen(rootSchema.parse({}))
}

/**
 * The configuration, or an end to it.
 * @throws HardshellError `config.invalid` when anything is wrong; the message has one line for each mistake
 */
export async function requireConfig(directory: string | null, disk: ConfigDisk = configDisk): Promise<LoadedConfig> {
  const loaded = await loadConfig(directory, disk)
  if (loaded.problems.length === 0) return loaded
  const count = loaded.problems.length === 1 ? 'a mistake' : `${loaded.problems.length} mistakes`
  const lines = loaded.problems.map((problem) => `  ${formatProblem(problem)}`)
  throw new HardshellError('config.invalid', `the configuration has ${count}\n${lines.join('\n')}`, {
    hint: `correct the ${loaded.problems.length === 1 ? 'line' : 'lines'} above, then run \`hardshell config check\``,
  })
}

/** Paths of everything that was written, down to single values and lists of single values. */
function writtenBelow(value: Written, path: Path): Path[] {
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object' || item === null)
    return plain ? [path] : value.flatMap((item, index) => writtenBelow(item, [...path, index]))
  }
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Object.keys(value)
  if (keys.length === 0 && path.length > 0) return [path]
  return keys.flatMap((key) => writtenBelow(value[key]!, [...path, key]))
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
