import type { z } from 'zod'
import type { Secret } from '../base/index.ts'
import { configDisk, type ConfigDisk } from './disk.ts'
import { placeKey } from './document.ts'
import { loadConfig, type LoadedConfig } from './load.ts'
import { dotted, type Path, type Problem } from './problem.ts'
import { references, type Reference } from './references.ts'
import { meantBy, stepInto } from './schema-walk.ts'
import { rootSchema } from './sections.ts'
import { undelivered } from './undelivered.ts'

/** Looks a reference up where secrets are kept. `null`: nobody has one of that name. */
export type ResolveSecret = (name: string) => Promise<Secret | null>

/** A setting that was written, is understood, and that nothing acts on yet. */
export interface NotEnforced {
  key: string
  file: string
  line: number
  meaning: string
}

/** What `hardshell config check` prints. */
export interface ConfigReport {
  /** No mistake, no reference without a secret, nobody named whom nothing leads to. What is not enforced yet is told, and does not spoil it. */
  ok: boolean
  /** `null`: no configuration was found, all defaults hold. */
  directory: string | null
  files: string[]
  errors: Problem[]
  notEnforced: NotEnforced[]
  /** References nobody could resolve; empty also when no `resolve` was given. */
  unset: Reference[]
}

/**
 * Judges a configuration without using it.
 * @param ports.resolve only asked whether it knows a name; the secret itself is never looked at
 */
export async function checkConfig(
  directory: string | null,
  ports: { disk?: ConfigDisk; resolve?: ResolveSecret } = {},
): Promise<ConfigReport> {
  const loaded = await loadConfig(directory, ports.disk ?? configDisk)
  const unset = ports.resolve ? await unresolved(references(loaded), ports.resolve) : []
  const errors = [...loaded.problems, ...undelivered(loaded)]
  return {
    ok: errors.length === 0 && unset.length === 0,
    directory,
    files: loaded.sources,
    errors,
    notEnforced: notEnforcedYet(loaded),
    unset,
  }
}

async function unresolved(all: Reference[], resolve: ResolveSecret): Promise<Reference[]> {
  const missing = new Map<string, boolean>()
  for (const { name } of all) {
    // A store that fails does not have it for us: the reference cannot be used, whatever the reason.
    if (!missing.has(name)) missing.set(name, (await resolve(name).catch(() => null)) === null)
  }
  return all.filter(({ name }) => missing.get(name))
}

function notEnforcedYet({ input, places }: LoadedConfig): NotEnforced[] {
  return below(rootSchema, input, []).map(({ path, meaning }) => {
    const place = places.get(placeKey(path))
    return { key: dotted(path), file: place?.file ?? '', line: place?.line ?? 1, meaning }
  })
}

/** Goes down what was written until a setting says whether it is enforced; what lies below it shares its fate. */
function below(schema: z.core.$ZodType, value: unknown, path: Path): { path: Path; meaning: string }[] {
  const { meaning } = meantBy(schema, value)
  if (meaning.enforced === true) return []
  if (meaning.enforced === false) return [{ path, meaning: meaning.description ?? '' }]
  if (typeof value !== 'object' || value === null) return []
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steps.flatMap(([step, part]) => {
    const inner = stepInto(schema, step, value)
    return inner === null ? [] : below(inner, part, [...path, step])
  })
}
