import { isRecord } from '../base/index.ts'

/** Where the real value of a setting comes from, when the file only names it. */
export interface SecretReference {
  source: 'env' | 'file' | 'exec' | 'store' | 'unknown'
  /** Name of the variable, or whatever the source calls it. */
  id: string
}

/**
 * The reference in a setting, or `null` when it is a value of its own. OpenClaw knows objects `{source, provider, id}`,
 * `${NAME}` and `$NAME`, and the markers `secretref-env:NAME` and `__env__:NAME` of before (docs,
 * gateway/secrets/secretref-contract). A text with `${NAME}` inside it is filled in from the environment as well.
 */
export function secretReference(value: unknown): SecretReference | null {
  if (isRecord(value)) {
    const { source, id } = value
    const isKnown = source === 'env' || source === 'file' || source === 'exec' || source === 'store'
    return isKnown && typeof id === 'string' ? { source, id } : null
  }
  if (typeof value !== 'string') return null
  const marker = /^(?:secretref-env:|__env__:)(\S+)$/.exec(value.trim())?.[1]
  const inside = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(value)?.[1] ?? /^\$([A-Z][A-Z0-9_]*)$/.exec(value.trim())?.[1]
  const name = marker ?? inside
  return name === undefined ? null : { source: 'env', id: name }
}

/** True where a setting holds no secret itself but names one. */
export function isSecretReference(value: unknown): boolean {
  return secretReference(value) !== null
}

/**
 * Stands in a plan for a value nobody has seen yet: a plan is pure and is shown, so it cannot hold one. Whoever applies
 * a plan puts 32 random bytes in its place. It reads as a variable that is never set: written by mistake, it keeps
 * OpenClaw from starting instead of becoming a password everybody knows.
 */
export const freshSecret = '${HARDSHELL_FRESH_SECRET}'
