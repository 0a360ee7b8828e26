import { open, rm, writeFile } from 'node:fs/promises'
import { tailEntries, verifyLog, type AuditLog } from '../auditlog/index.ts'
import { formatListen, nonce, type Secret } from '../base/index.ts'
import {
  auditLogSurface,
  budgetSurface,
  canarySurface,
  cellsSurface,
  dnsSurface,
  egressSurface,
  ingressSurface,
  kernelSurface,
  modelKeySurface,
  redactionSurface,
  toolCallSurface,
  vpnSurface,
  type FindEntry,
  type SendHttp,
  type Surface,
  type SurfaceProof,
} from '../proof/index.ts'
import type { TurnBook } from '../proxy/index.ts'
import { budgetProbeAgent } from './callers.ts'
import { neighborTargets } from './cells.ts'
import { dnsDoor, probeNames } from './dns.ts'
import { probeCredential } from './egress.ts'
import { secretsInProcesses } from './gateway-secrets.ts'
import { kernelApplies, openForbiddenServices, refusalsSoFar, whyNotConfined } from './isolation.ts'
import { runToEnd } from './launch.ts'
import type { ProbeTurns } from './probe-turn.ts'
import type { VpnWatch } from './vpn-watch.ts'
import type { GuardSandbox } from './sandbox.ts'
import { sandboxProofs } from './sandbox-proof.ts'
import type { WireInput } from './wire.ts'

/** What proofs need of the gateway. */
export interface GatewayView {
  port: number
  /** Its `openclaw.json`. */
  configFile: string
  /** The Node its user can run. */
  node: string
  pid(): number | null
  /** True while the gateway itself, and nobody else, answers on its port. */
  ready(): boolean
  /** Has the gateway take another token for its own: writes it into the configuration and waits. @throws HardshellError `guard.gateway-token` */
  takeToken(fresh: Secret): Promise<void>
}

/** The surfaces of one guard, each with the ways to attack it. Addresses are asked for at proof time. */
export function surfacesFor(input: WireInput, made: { log: AuditLog; turns: TurnBook; probes: ProbeTurns; vpn: VpnWatch | null; at: WireInput['listen']; sandbox: GuardSandbox }): Surface[] {
  const { paths, keys, gateway, user } = input
  const logPath = input.config.audit.log_path ?? paths.auditLog
  const findEntry = entryFinder(logPath)
  const url = (door: 'ingress' | 'model') => (): string => `http://${formatListen(made.at[door])}`
  const runAsGateway = async (program: string, args: readonly string[], signal: AbortSignal): Promise<string> =>
    await runToEnd(
      { program: gateway.node, args: ['-e', program, ...args], env: { PATH: '/usr/bin:/bin', HOME: paths.openclawHome }, cwd: '/', user },
      { timeoutMs: 30_000, signal },
    )
  const guardFiles = [logPath, paths.database, paths.secrets, paths.secretsKey, `${paths.inspection}/authority.key`, paths.operatorToken, paths.control, `/proc/${process.pid}/environ`]
  const redaction = redactionSurface({ url: url('model'), probeKey: () => keys.probe.reveal(), announce: announcer(made.turns, 'hardshell-probe'), send, findEntry })
  const canary = canarySurface({ url: url('model'), probeKey: () => keys.probe.reveal(), canary: () => keys.canary.reveal(), announce: announcer(made.turns, 'hardshell-probe'), send, findEntry })
  return [
    ingressSurface({ url: url('ingress'), send, findEntry }),
    modelKeySurface({ url: url('model'), send, findEntry, gatewaySecrets: async () => secretsInProcesses(gateway.pid(), input.providerKeys) }),
    budgetSurface({ url: url('model'), probeKey: () => keys.budgetProbe.reveal(), announce: announcer(made.turns, budgetProbeAgent), send, findEntry }),
    ...(input.config.content.redact_secrets ? [redaction] : []),
    ...(input.config.content.output.cut_at_canary ? [canary] : []),
    toolCallSurface({ runTurn: (prompt, signal) => made.probes.run(prompt, signal), findEntry }),
    egressSurface({ listen: () => made.at.egress, mode: input.config.egress.mode, credential: probeCredential(input), runAsGateway, findEntry }),
    ...(input.config.dns.enabled ? [dnsSurface({ ...dnsDoor(paths, made.at), names: probeNames, runAsGateway, findEntry })] : []),
    ...(made.vpn ? [vpnSurface(made.vpn)] : []),
    ...sandboxProofs({ paths, user, sandbox: made.sandbox, configFile: gateway.configFile, settings: input.config.sandbox }),
    kernelSurface({
      applies: () => kernelApplies(paths, input.config),
      missing: () => whyNotConfined(paths, input.config),
      openForbiddenServices,
      refusals: () => refusalsSoFar(paths),
      door: () => made.at.egress,
      runAsGateway,
    }),
    cellsSurface({ separated: user !== null, ownConfig: paths.openclawConfigFile, guardUid: process.getuid?.() ?? -1, neighbors: () => neighborTargets(paths), runAsGateway }),
    auditLogSurface({
      separated: user !== null,
      readableFile: `${paths.plugin}/index.js`,
      guardFiles,
      runAsGateway,
      findEntry,
      append: async (nonce) => void (await made.log.append({ event_type: 'proof', surface: 'audit-log', nonce, reason: 'this line has to be found' })),
      tamperedCopyIsFound: () => tamperedCopyIsFound(logPath, `${paths.guard}/tampered.log`),
    }),
  ]
}

/** Every proof is on record; a surface that turns red is an alert. */
export async function recordProof(log: AuditLog, surface: SurfaceProof, nonce: string, turnedRed: boolean): Promise<void> {
  const { id, ok, detail } = surface
  await log.append({ event_type: 'proof', surface: id, nonce, decision: ok ? 'allow' : 'deny', result_summary: detail, severity: ok ? 'info' : 'critical' })
  if (!turnedRed) return
  await log.append({
    event_type: 'alert',
    surface: id,
    severity: 'critical',
    rule: 'proof.failed',
    reason: `${id} is not proven: ${detail}; egress and the model path are closed for agents`,
  })
}

// A proof's entries are among the newest; a busy guard writes some hundreds of lines while one runs.
const newestLines = 2000
// The outcome of a visit is written after its answer was sent.
const patienceMs = 3000

function entryFinder(logPath: string): FindEntry {
  return async (id, fits) => {
    for (const deadline = performance.now() + patienceMs; ; ) {
      const entries = await tailEntries(logPath, newestLines)
      const found = entries.find((entry) => JSON.stringify(entry).includes(id) && fits(entry))
      if (found) return found
      if (performance.now() > deadline) return null
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const send: SendHttp = async (url, { signal, ...request }) => {
  const reply = await fetch(url, { ...request, signal, redirect: 'manual' })
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: await textSoFar(reply) }
}

/** What was said until the end, or until it was cut: that an answer is cut is what some proofs look for. */
async function textSoFar(reply: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of reply.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
  } catch (error) {
    if (text === '') throw error
  }
  return text
}

/** Announces a turn of an agent that exists for proofs only, as the plugin would, and returns what its request has to carry. */
function announcer(turns: TurnBook, agentId: string): (id: string) => string {
  return (id) => {
    const traceId = nonce()
    turns.announce({ agentId, sessionKey: `agent:${agentId}:${id}`, runId: id, traceId })
    return `00-${traceId}-${traceId.slice(0, 16)}-01`
  }
}

/**
 * Verifies a copy of the newest lines, changes one byte in the middle and verifies again.
 * @returns `null` when the copy was whole and the change was found, else what went wrong
 */
async function tamperedCopyIsFound(logPath: string, copyPath: string): Promise<string | null> {
  const text = await newestText(logPath)
  try {
    await writeFile(copyPath, text, { mode: 0o600 })
    const whole = await verifyLog({ file: copyPath })
    if (!whole.ok) return `the newest lines do not verify: ${whole.firstBad?.reason}`
    const at = text.indexOf('"event_type":"', Math.floor(text.length / 3)) + '"event_type":"'.length
    await writeFile(copyPath, `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`, { mode: 0o600 })
    const changed = await verifyLog({ file: copyPath })
    return changed.ok ? 'a changed byte in the log was not found' : null
  } finally {
    await rm(copyPath, { force: true })
  }
}

/** The last whole lines of the file as they are, 64 KiB at most: the byte for byte copy that is tampered with. */
async function newestText(logPath: string): Promise<string> {
  const file = await open(logPath, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - 65_536)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const text = buffer.toString('utf8', 0, bytesRead)
    return text.slice(from === 0 ? 0 : text.indexOf('\n') + 1, text.lastIndexOf('\n') + 1)
  } finally {
    await file.close()
  }
}
