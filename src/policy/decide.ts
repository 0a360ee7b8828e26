import type { Act, Decision } from './act.ts'

/** What the world looks like at the moment of the decision. Gathered by whoever asks, judged here. */
export interface PolicyFacts {
  /** The kill switch's answer for the act's agent; `null`: running. */
  stopped: { rule: string; reason: string } | null
  /** Why the agents' paths are closed (a surface is unproven or stale); `null`: all proven. */
  unproven: string | null
  /** True for the proof's own acts: they must run while everything else is stopped or closed, or nothing could be proven. */
  isProbe: boolean
  /** Nonces of running proofs: a tool call that carries one is the forbidden action itself. */
  forbiddenNonces: readonly string[]
  /** Names of tools no agent may use, groups already expanded. */
  deniedTools: ReadonlySet<string>
}

/** Decides. Deny rules first, each with the sentence a person will read; what no rule refuses is allowed. */
export function decide(act: Act, facts: PolicyFacts): Decision {
  if (facts.stopped && !facts.isProbe) return { allow: false, ...facts.stopped }
  if (facts.unproven !== null && !facts.isProbe) return closed(facts.unproven)
  if (act.kind === 'call-tool') return decideTool(act, facts)
  if (act.kind === 'install') return install(act)
  return { allow: true, rule: 'default.allow', reason: 'no rule refuses it' }
}

function closed(reason: string): Decision {
  return { allow: false, rule: 'proof.stale', reason: `the guard is not proven to hold (${reason}); run: hardshell prove` }
}

function decideTool(act: Act & { kind: 'call-tool' }, facts: PolicyFacts): Decision {
  const nonce = forbiddenNonceIn(act, facts.forbiddenNonces)
  if (nonce !== null) return { allow: false, rule: 'proof.forbidden-nonce', reason: `forbidden by the proof's nonce ${nonce}` }
  if (facts.deniedTools.has(act.tool)) {
    return { allow: false, rule: 'tools.deny', reason: `tool ${act.tool} is on the deny list (tools.deny in config.yaml)` }
  }
  return { allow: true, rule: 'default.allow', reason: 'no rule refuses it' }
}

// OpenClaw's tool search wraps the real call as `tool_call {id, args}` and fires the hook for both. The wrapper
// passes, so that the proof shows the inner, real call being judged.
function forbiddenNonceIn(act: Act & { kind: 'call-tool' }, nonces: readonly string[]): string | null {
  if (act.tool === 'tool_call' || nonces.length === 0) return null
  const text = JSON.stringify(act.args) ?? ''
  return nonces.find((nonce) => text.includes(nonce)) ?? null
}

// An agent's turn is no place for an install: it is an operator's act, by command line, after a look.
// (Scanning and pinning what is installed is the skills room's; until it stands the answer is no.)
function install(act: Act & { kind: 'install' }): Decision {
  return {
    allow: false,
    rule: 'install.unscanned',
    reason: `${act.what} ${act.name} is not installed while the gateway runs guarded; stop Hardshell, install, look at it, start again`,
  }
}
