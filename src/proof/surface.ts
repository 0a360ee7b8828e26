/** A path in or out of the installation that can be proven to hold. */
export interface Surface {
  /** `ingress`, `model-key`, `budget`, `redaction`, `canary`, `tool-call`, `egress`, `kernel`, `audit-log`. */
  id: string
  /** What is claimed, as a sentence that is true or false. */
  title: string
  /** False while there is nothing to prove, because it was never asked for: then it is on no list. Always there by default. */
  applies?(): boolean
  /**
   * Sends the forbidden action through the real path and looks for its refusal, there and in the log.
   * A thrown error counts as a failed proof; so does one that takes longer than the pulse allows.
   */
  prove(nonce: string, signal: AbortSignal): Promise<Proof>
}

/** What came of it. `detail` is for a person: what was tried and what refused it, or what went wrong. */
export interface Proof {
  ok: boolean
  detail: string
}

export function held(detail: string): Proof {
  return { ok: true, detail }
}

export function broken(detail: string): Proof {
  return { ok: false, detail }
}
