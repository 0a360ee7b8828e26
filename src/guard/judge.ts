import { hash } from 'node:crypto'
import type { AuditSink } from '../auditlog/index.ts'
import type { Clock } from '../base/index.ts'
import type { PluginAnswer, PluginHandlers, PluginNotice, PluginQuestion } from '../control/index.ts'
import { decide, type Act, type Decision, type LoopWatch, type PolicyFacts } from '../policy/index.ts'
import type { TurnBook } from '../proxy/index.ts'
import { judgeInbound, type InboundPorts } from './judge-inbound.ts'
import { originOf, type Lineage } from './lineage.ts'

/** What the plugin's questions are judged by. */
export interface JudgePorts extends InboundPorts {
  audit: AuditSink
  turns: TurnBook
  lineage: Lineage
  loops: LoopWatch
  clock: Clock
  facts(agentId: string | null, isProbe: boolean): PolicyFacts
  /** Is this the session of a proof that runs right now? */
  isProbe(sessionKey: string): boolean
  /** The plugin was loaded in this process: the gateway, or some command of OpenClaw's. Attacker-controlled. */
  onHello(pid: number): void
}

/** Answers the plugin: decides, has the decision on disk, then tells. */
export function createJudge(ports: JudgePorts): PluginHandlers {
  return {
    judge(question) {
      if (question.kind === 'inbound') return judgeInbound(question, ports)
      return question.kind === 'tool' ? judgeTool(question, ports) : judgeInstall(question, ports)
    },
    hear: (notice) => hear(notice, ports),
  }
}

type Verdict = Omit<PluginAnswer, 'id'>

async function judgeTool(question: PluginQuestion & { kind: 'tool' }, ports: JudgePorts): Promise<Verdict> {
  const { tool, args, agentId, sessionKey, traceId } = question
  const act = { kind: 'call-tool', tool, args, agentId, sessionKey, traceId } as const
  const text = textOf(args)
  const decision = text === null ? unreadable : decideTool(act, text, ports)
  await ports.audit.append({
    event_type: 'tool_call',
    agent_id: agentId,
    tool,
    input_summary: text === null ? unreadable.reason : summary(text, ports),
    user: question.sender ?? question.channel ?? undefined,
    session: sessionKey,
    trace_id: traceId ?? undefined,
    ...verdict(decision),
  })
  return { allow: decision.allow, rule: decision.rule, reason: decision.reason }
}

function decideTool(act: Act & { kind: 'call-tool' }, args: string, ports: JudgePorts): Decision {
  const { tool, agentId, sessionKey } = act
  const isProbe = ports.isProbe(sessionKey)
  const decision = decide(act, ports.facts(agentId, isProbe))
  if (isProbe || !decision.allow) return decision
  const call = { tool, fingerprint: hash('sha256', args), sessionKey, rootSessionKey: ports.lineage.rootOf(sessionKey) }
  return ports.loops.tool(call, ports.clock.monotonicMs()) ?? decision
}

async function judgeInstall(question: PluginQuestion & { kind: 'install' }, ports: JudgePorts): Promise<Verdict> {
  const { what, name, source } = question
  const decision = decide({ kind: 'install', what, name, source }, ports.facts(null, false))
  await ports.audit.append({ event_type: 'install', target: `${what} ${name}`, input_summary: ports.redact(source), ...verdict(decision) })
  return { allow: decision.allow, rule: decision.rule, reason: decision.reason }
}

async function hear(notice: PluginNotice, ports: JudgePorts): Promise<void> {
  if (notice.kind === 'announce') {
    const { agentId, sessionKey, runId, traceId } = notice
    ports.turns.announce({ agentId, sessionKey, runId, traceId, origin: originOf(notice, ports.lineage) })
    return
  }
  if (notice.kind === 'spawned') return ports.lineage.spawned(notice.childSessionKey, notice.parentSessionKey)
  if (notice.kind === 'hello') {
    ports.onHello(notice.pid)
    const detail = { plugin: notice.pluginVersion, pid: notice.pid }
    await ports.audit.append({ event_type: 'lifecycle', reason: 'the plugin was loaded', detail })
    return
  }
  if (notice.kind === 'message') {
    const { channel, sender, sessionKey, direction, chars } = notice
    await ports.audit.append({
      event_type: 'message',
      user: sender ?? channel ?? undefined,
      session: sessionKey ?? undefined,
      detail: { direction, channel, chars },
    })
    return
  }
  await ports.audit.append({
    event_type: 'tool_call',
    agent_id: notice.agentId,
    tool: notice.tool,
    session: notice.sessionKey,
    duration_ms: notice.durationMs,
    result_summary: notice.error === null ? 'done' : `failed: ${ports.redact(notice.error)}`,
  })
}

function verdict({ allow, rule, reason }: Decision): { decision: 'allow' | 'deny'; rule: string; reason: string } {
  return { decision: allow ? 'allow' : 'deny', rule, reason }
}

// Arguments nested a hundred thousand deep overflow whoever looks at them: that too is a denial, and on record.
const unreadable: Decision = { allow: false, rule: 'guard.failed', reason: 'these arguments are nested too deep to be judged' }

function textOf(args: unknown): string | null {
  try {
    return JSON.stringify(args) ?? ''
  } catch {
    return null
  }
}

// The log holds what was asked for, not all of it: enough to recognise the call, cut where it would become a copy.
const summaryChars = 300

function summary(args: string, ports: JudgePorts): string {
  // Far more than is kept, so that no secret is cut in half where it shows; all of it would take seconds.
  const text = ports.redact(args.slice(0, 16 * summaryChars))
  return text.length > summaryChars ? `${text.slice(0, summaryChars)}…` : text
}
