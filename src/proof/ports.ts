/** An answer over HTTP, as far as a proof looks at it. */
export interface HttpReply {
  status: number
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

/** Sends one request to one of our doors, over a real socket. */
export type SendHttp = (
  url: string,
  request: { method: string; headers?: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<HttpReply>

/** One line of the audit log, read back from the disk. */
export interface FoundEntry {
  event_type: string
  decision?: string
  rule?: string
  reason?: string
  detail?: Readonly<Record<string, unknown>>
}

/**
 * Looks through the newest lines on disk for one that carries the nonce and fits.
 * @returns `null` when there is none
 */
export type FindEntry = (nonce: string, fits: (entry: FoundEntry) => boolean) => Promise<FoundEntry | null>

/**
 * Runs a small program as the gateway's user, where an agent with a shell would stand, and returns what it prints.
 * @throws when it cannot be started or ends with another status than 0
 */
export type RunAsGateway = (program: string, args: readonly string[], signal: AbortSignal) => Promise<string>
