/** Where one value lies: a path below `/v1/` and a field of what is read there. */
export interface VaultPlace {
  path: string
  field: string
  /** The path of its versions, for a path of KV version 2; `null` for any other engine. */
  metadataPath: string | null
}

/** Reads `secret/data/openclaw/anthropic#key`, as the settings have checked it. */
export function readPlace(text: string): VaultPlace {
  const hash = text.indexOf('#')
  const path = text.slice(0, hash).replace(/^\/?(v1\/)?/, '')
  // `vault kv` hides the `data` step of version 2; the guides write it out, and so it tells the version.
  const isVersioned = /^[^/].*?\/data\//.test(path)
  return { path, field: text.slice(hash + 1), metadataPath: isVersioned ? path.replace(/\/data\//, '/metadata/') : null }
}
