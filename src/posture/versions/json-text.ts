/** A text of a JSON object by its key, `null` for everything else: what others wrote need not be what we expect. Pure. */
export function textIn(json: string, key: string): string | null {
  const value = fieldIn(json, key)
  return typeof value === 'string' ? value : null
}

function fieldIn(json: string, key: string): unknown {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  } catch {
    return undefined // broken by hand or by a crash: it says nothing
  }
}
