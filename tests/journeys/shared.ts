import { inject } from 'vitest'
import type { Installation } from './installation.ts'

/** The one installation all journeys share, with a provider on this machine behind it. */
export interface Shared extends Installation {
  /** Where the provider listens, and what it saw, one JSON object a line. */
  upstream: { port: number; record: string }
  /** Files with the real keys, which nobody but the guard may know. */
  keyFiles: { openai: string; anthropic: string }
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: Shared
  }
}

/** Of the agents, `main` speaks OpenAI's protocol and `second` Anthropic's. */
export function sharedInstallation(): Shared {
  return inject('shared')
}

/** Money one session may spend in the shared installation, in micro-USD. */
export const perSessionMicroUsd = 450_000

/** Times a session of the shared installation may make the same call. OpenClaw's own detector warns at 10 and blocks at 20. */
export const identicalCalls = 5
