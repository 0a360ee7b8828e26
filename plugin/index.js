import { definePluginEntry } from 'openclaw/plugin-sdk/plugin-entry'
import { GuardLine } from './guard-line.js'

// Long enough for the guard to have its decision on disk on a slow machine, well under the 15 s after which
// OpenClaw gives up on a handler.
const defaultDeadlineMs = 3000
// The guard takes longer ones for an attack and hangs up.
const maxNameChars = 2000
// One reload of the plugin must not leave the old line behind.
let line = null

/**
 * Hardshell's plugin. It asks and obeys; it decides nothing, keeps nothing and holds no key. Whatever runs as the
 * gateway's user could remove or rewrite it, so it is a layer of context, not the boundary: the guard notices its
 * absence (no announcement for a model call, no answer to a proof) and closes the paths that do not depend on it.
 */
export default definePluginEntry({
  id: 'hardshell',
  name: 'Hardshell',
  description: 'Asks Hardshell before every tool call and install, and refuses when nobody answers.',
  register(api) {
    const { socket, boundary, execHost, deadlineMs = defaultDeadlineMs } = api.pluginConfig ?? {}
    line?.close()
    line = new GuardLine(socket ?? '', deadlineMs)
    const guard = line
    const placing = execHost ? { host: execHost, sessionOf: (whose) => api.runtime.agent.session.getSessionEntry(whose) } : null
    guard.tell({ kind: 'hello', pid: process.pid, pluginVersion: '0.1.0' })

    // Lowest priority runs last, and what runs last has the last word on the arguments.
    api.on('before_tool_call', (event, context) => beforeToolCall(guard, event, context, placing), { priority: Number.MIN_SAFE_INTEGER, timeoutMs: deadlineMs + 2000 })
    api.on('before_install', (event) => beforeInstall(guard, event), { priority: Number.MIN_SAFE_INTEGER, timeoutMs: deadlineMs + 2000 })
    // In the system prompt, where providers cache it: the same words in every turn.
    if (boundary) api.on('before_prompt_build', () => ({ prependSystemContext: boundary }))
    // Highest priority runs first: what is refused no other plugin reads.
    api.on('before_dispatch', (event, context) => beforeDispatch(guard, event, context), { priority: Number.MAX_SAFE_INTEGER, timeoutMs: deadlineMs + 2000 })
    api.on('after_tool_call', (event, context) => guard.tell(toolDone(event, context)))
    api.on('model_call_started', (event, context) => announce(guard, event, context))
    api.on('subagent_spawned', (event, context) => spawned(guard, event, context))
    api.on('message_received', (event, context) => guard.tell(message('in', event, context)))
    api.on('message_sent', (event, context) => guard.tell(message('out', event, context)))
    api.on('gateway_stop', () => guard.close())
  },
})

async function beforeToolCall(guard, event, context, placing) {
  const agentId = context.agentId ?? agentOf(context.sessionKey)
  const answer = await guard.ask({
    kind: 'tool',
    tool: event.toolName,
    args: event.params ?? {},
    agentId,
    sessionKey: context.sessionKey ?? '',
    runId: event.runId ?? context.runId ?? '',
    traceId: context.trace?.traceId ?? null,
    channel: context.requester?.channel ?? null,
    sender: context.requester?.senderId ?? null,
  })
  if (answer.allow !== true) return { block: true, blockReason: blockReason(answer) }
  return placing ? placed(event, { agentId, sessionKey: context.sessionKey }, placing) : asJudged(event)
}

/**
 * Every handler is shown the arguments as the model wrote them, and the last one that returns some is obeyed: returned,
 * they are the ones that were judged, whatever a plugin before us made of them. (One that asks a person for approval
 * keeps its own.)
 */
function asJudged({ params = {} }) {
  return { params }
}

/**
 * Where tools run is in the configuration, but OpenClaw lets a session say otherwise: `/exec host=gateway` of any sender
 * it trusts, and `sandboxMode: off`, which takes the file tools out as well. A host said outright beats the first:
 * OpenClaw refuses a command of two places.
 */
function placed(event, { agentId, sessionKey }, { host, sessionOf }) {
  const { toolName, params = {} } = event
  if (sessionKey && sessionOf({ agentId, sessionKey })?.sandboxMode === 'off') return misplaced('this session was taken out of the sandbox', 'sandbox.session')
  if (toolName !== 'exec') return asJudged(event)
  return ['auto', host].includes(params.host ?? 'auto') ? { params: { ...params, host } } : misplaced(`exec host not allowed: commands run in the ${host}`, 'sandbox.host')
}

function misplaced(reason, rule) {
  return { block: true, blockReason: blockReason({ reason, rule }) }
}

async function beforeInstall(guard, event) {
  const answer = await guard.ask({
    kind: 'install',
    what: event.targetType === 'plugin' ? 'plugin' : 'skill',
    name: String(event.targetName ?? '').slice(0, maxNameChars),
    source: String(event.source ?? event.sourcePath ?? '').slice(0, maxNameChars),
  })
  return answer.allow === true ? undefined : { block: true, blockReason: blockReason(answer) }
}

// Whoever wrote gets the reason as the answer; no agent sees the message.
async function beforeDispatch(guard, event, context) {
  const answer = await guard.ask({
    kind: 'inbound',
    text: String(event.content ?? event.body ?? ''),
    channel: event.channel ?? context.channelId ?? null,
    sender: event.senderId ?? context.senderId ?? null,
    sessionKey: event.sessionKey ?? context.sessionKey ?? null,
  })
  return answer.allow === true ? undefined : { handled: true, text: blockReason(answer) }
}

function blockReason(answer) {
  return `Hardshell: ${answer.reason ?? 'refused'} [${answer.rule ?? 'guard.silent'}]`
}

// The ids equal those of the request's `traceparent` header; that is how the model proxy knows whose call it is.
function announce(guard, event, context) {
  if (!context.trace?.traceId) return
  const sessionKey = event.sessionKey ?? context.sessionKey ?? ''
  guard.tell({
    kind: 'announce',
    traceId: context.trace.traceId,
    agentId: context.agentId ?? agentOf(sessionKey),
    sessionKey,
    runId: event.runId ?? context.runId ?? '',
    channel: context.channel ?? null,
    sender: context.senderId ?? null,
    jobId: context.jobId ?? null,
  })
}

// A sub-agent spends from the session that spawned it.
function spawned(guard, event, context) {
  const childSessionKey = context.childSessionKey ?? event.childSessionKey
  const parentSessionKey = context.requesterSessionKey ?? event.requesterSessionKey
  if (childSessionKey && parentSessionKey) guard.tell({ kind: 'spawned', childSessionKey, parentSessionKey })
}

function toolDone(event, context) {
  return {
    kind: 'tool-done',
    tool: event.toolName,
    agentId: context.agentId ?? agentOf(context.sessionKey),
    sessionKey: context.sessionKey ?? '',
    runId: event.runId ?? '',
    durationMs: event.durationMs ?? 0,
    error: typeof event.error === 'string' ? event.error.slice(0, 500) : null,
  }
}

// Who spoke, where and how much: never what.
function message(direction, event, context) {
  return {
    kind: 'message',
    direction,
    channel: context.channelId ?? context.channel ?? null,
    sender: event.from ?? event.senderId ?? null,
    sessionKey: context.sessionKey ?? null,
    chars: typeof event.content === 'string' ? event.content.length : 0,
  }
}

/** `agent:main:telegram:…` → `main`. */
function agentOf(sessionKey) {
  return /^agent:([^:]+):/.exec(sessionKey ?? '')?.[1] ?? 'unknown'
}
