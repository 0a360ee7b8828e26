/**
 * One spelling for an agent id, the one OpenClaw itself uses for folders and sessions: lower case, runs of anything
 * but letters, digits, `_` and `-` become one dash, no dashes at the ends, 64 characters. Without it, disabling
 * `Work Bot` would not stop `work-bot`.
 * Source: behaviour of OpenClaw 2026.9.6 (its `normalization-core`, agent ids).
 * @returns `null` when nothing is left: such an id names no agent (where one is needed, OpenClaw takes `main`)
 */
export function canonicalAgentId(text: string): string | null {
  const id = text.trim().toLowerCase()
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)) return id
  // The cut comes last, as in OpenClaw, so a dash may end up at the end.
  const plain = id
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+/, '')
    .replace(/-+$/, '')
    .slice(0, 64)
  return plain === '' ? null : plain
}
