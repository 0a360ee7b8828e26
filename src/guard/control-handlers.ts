import type { NewEntry } from '../auditlog/index.ts'
import { HardshellError, Secret } from '../base/index.ts'
import { alertHandlers } from './alerts.ts'
import { budgetHandlers } from './budget-handlers.ts'
import { egressHandlers } from './egress-handlers.ts'
import type { ControlHandlers, Status } from '../control/index.ts'
import type { Rotations } from './rotation.ts'
import type { WireInput, Wired } from './wire.ts'

/** What the operator's commands do. Letting agents run again is in the log before it takes effect. */
export function controlHandlers(input: WireInput, wired: Wired, ports: { status(): Status; stop(): void; abortSessions(agentId: string | null): Promise<void>; reloadSecrets(): Promise<void>; reloadEgress(by: string): Promise<object> }): ControlHandlers {
  const { killSwitch, log } = wired
  const agents = (cut = 0): object => {
    const { paused, disabled } = killSwitch.state()
    return { ok: true, cut, paused, disabledAgents: disabled.map(({ agentId }) => agentId) }
  }
  const record = async (action: string, agentId: string | null, { by, reason }: Who): Promise<void> => {
    await log.append({ event_type: 'kill_switch', agent_id: agentId ?? undefined, user: by, reason, rule: `kill-switch.${action}` })
  }
  // Stopping comes before its line in the log, the only thing that does: with a full disk it still has to work.
  const stopNow = async (action: string, agentId: string | null, who: Who): Promise<object> => {
    const cut = wired.cut(agentId, `${agentId === null ? 'all agents were paused' : `agent ${agentId} was disabled`} by ${who.by}`)
    void ports.abortSessions(agentId) // tidies up in the gateway; the paths are closed without it
    await record(action, agentId, who)
    return agents(cut)
  }
  return {
    status: async () => ports.status(),
    prove: async () => {
      await wired.pulse.prove()
      return ports.status()
    },
    agents: async () => agents(),
    disableAgent: async (body) => {
      const [agentId, who] = [agentIdOf(body), whoOf(body)]
      killSwitch.disable(agentId, who)
      return await stopNow('agent-disabled', agentId, who)
    },
    enableAgent: async (body) => {
      const agentId = agentIdOf(body)
      await record('agent-enabled', agentId, whoOf(body))
      killSwitch.enable(agentId)
      return agents()
    },
    pause: async (body) => {
      const who = whoOf(body)
      killSwitch.pauseAll(who)
      return await stopNow('paused', null, who)
    },
    resume: async (body) => {
      await record('resumed', null, whoOf(body))
      killSwitch.resume()
      return agents()
    },
    spend: async () => await wired.meter.spend(),
    ...budgetHandlers(wired.meter, log),
    ...egressHandlers(wired),
    ...alertHandlers(wired),
    reloadEgress: async (body) => await ports.reloadEgress(whoOf(body).by),
    recordChange: async (body) => {
      await log.append(changeOf(body))
      return { ok: true }
    },
    reloadSecrets: async (body) => {
      await log.append({ event_type: 'config_change', rule: 'secrets.reload', user: whoOf(body).by, reason: 'secrets are handed to OpenClaw anew' })
      await ports.reloadSecrets()
      return { ok: true }
    },
    rotateSecrets: async (body) => await rotateSecrets(body, wired.rotations),
    stop: async () => {
      ports.stop()
      return { ok: true }
    },
  }
}

async function rotateSecrets(body: Record<string, unknown>, rotations: Rotations): Promise<object> {
  const given = Array.isArray(body['names']) ? body['names'].filter((name): name is string => typeof name === 'string') : []
  const names = body['all'] === true ? rotations.names() : given
  if (body['dryRun'] === true) return { ok: true, plans: await rotations.plan(names) }
  if (body['resume'] === true) return { ok: true, outcomes: names.length > 0 ? (await Promise.all(names.map((name) => rotations.resume(name)))).flat() : await rotations.resume() }
  if (body['revoked'] === true) return { ok: true, outcomes: await Promise.all(names.map((name) => rotations.confirmRevoked(name))) }
  const accepted = typeof body['accepted'] === 'string' ? new Secret(body['accepted']) : null
  return { ok: true, outcomes: await rotations.rotate(names, whoOf(body).by, accepted) }
}

interface Who {
  by: string
  reason: string
}

function whoOf(body: Record<string, unknown>): Who {
  const text = (value: unknown, fallback: string): string => (typeof value === 'string' && value !== '' ? value.slice(0, 500) : fallback)
  return { by: text(body['by'], 'unknown'), reason: text(body['reason'], 'no reason given') }
}

// What commands do to the machine beside the guard. Other kinds of entries are the guard's own to make.
const changeRule = /^(?:isolation|harden|cells)\.[a-z-]{1,40}$/

function changeOf(body: Record<string, unknown>): NewEntry {
  const [rule, target, result] = ['rule', 'target', 'result'].map((name) => (typeof body[name] === 'string' ? (body[name] as string).slice(0, 500) : ''))
  if (!changeRule.test(rule!)) throw new HardshellError('control.bad-request', 'a change is of isolation, harden or cells', { hint: 'hardshell isolate status' })
  return { event_type: 'config_change', rule: rule!, user: whoOf(body).by, target: target!, result_summary: result! }
}

function agentIdOf(body: Record<string, unknown>): string {
  const agentId = body['agentId']
  if (typeof agentId === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(agentId)) return agentId.toLowerCase()
  throw new HardshellError('control.bad-request', 'an agent id has letters, digits, "_" and "-", 64 at most', { hint: 'openclaw agents list' })
}
