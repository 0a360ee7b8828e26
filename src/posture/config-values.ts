import { valueAt } from '../openclaw/index.ts'
import type { ConfigFacts } from './facts/config.ts'

/**
 * Settings by path, for files nobody validated: whatever has another type than asked for reads as absent, as OpenClaw
 * refuses such a file altogether. A path is dotted, or a list where a key holds a dot itself.
 */
type Path = string | readonly string[]
type Config = Pick<ConfigFacts, 'value'>

/** Any value, `undefined` when absent. */
export function valueOf(config: Config, path: Path): unknown {
  return valueAt(config.value, typeof path === 'string' ? path.split('.') : path)
}

export function textAt(config: Config, path: Path): string | undefined {
  const value = valueOf(config, path)
  return typeof value === 'string' ? value : undefined
}

export function flagAt(config: Config, path: Path): boolean | undefined {
  const value = valueOf(config, path)
  return typeof value === 'boolean' ? value : undefined
}

export function numberAt(config: Config, path: Path): number | undefined {
  const value = valueOf(config, path)
  return typeof value === 'number' ? value : undefined
}

/** Empty when absent. */
export function listAt(config: Config, path: Path): readonly unknown[] {
  const value = valueOf(config, path)
  return Array.isArray(value) ? value : []
}

/** The strings and numbers of a list, as strings: allow lists mix both. Empty when absent. */
export function wordsAt(config: Config, path: Path): readonly string[] {
  return listAt(config, path).flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? [String(item)] : []))
}

/** Own entries of an object. Empty when absent. */
export function entriesAt(config: Config, path: Path): readonly (readonly [string, unknown])[] {
  const value = valueOf(config, path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}
