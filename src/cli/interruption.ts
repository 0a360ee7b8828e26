/** Ctrl-C and its like, as something that can be waited for. */
export function interruption(): { signal: AbortSignal; happened: Promise<void> } {
  const abort = new AbortController()
  const happened = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve(), { once: true }))
  // A second Ctrl-C while it stops is answered by the system's default: the end, now.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort())
  return { signal: abort.signal, happened }
}
