import { readSpend } from '../budget/index.ts'
import { formatListen, systemClock } from '../base/index.ts'
import type { AuditCounts, Status } from '../control/index.ts'
import type { GatewayProcess } from './gateway-process.ts'
import { kernelBoundary } from './isolation.ts'
import { hardeningMissing } from './launch.ts'
import { limitsOf } from './metering.ts'
import type { WireInput, Wired } from './wire.ts'

/** What a status is made of, beside the rooms themselves. */
export interface StatusFacts {
  gateway: GatewayProcess
  version: string
  audit: { before: AuditCounts | null; after: AuditCounts | null }
  configuration: { directory: string | null; notEnforced: number }
  startedAt: number
  adopted: boolean
}

/** The state of everything, as it is now. */
export function describeGuard(input: WireInput, wired: Wired, facts: StatusFacts): Status {
  const surfaces = wired.pulse.states().map(({ provenAt, ...rest }) => ({ ...rest, provenAt: provenAt === null ? null : isoTime(provenAt) }))
  const spend = readSpend({ db: wired.store.db, limits: limitsOf(input.config) }, {}, { clock: systemClock })
  const { paused, disabled } = wired.killSwitch.state()
  return {
    ok: wired.pulse.unproven() === null && facts.gateway.state() === 'ready',
    surfaces,
    gateway: { version: facts.version, state: facts.gateway.state(), pid: facts.gateway.pid(), port: input.gateway.port, restarts: facts.gateway.restarts() },
    audit: facts.audit,
    boundaries: [...boundaries(input, facts.adopted), wired.sandbox.boundary],
    addresses: {
      ingress: `http://${formatListen(wired.at.ingress)}`,
      model: `http://${formatListen(wired.at.model)}`,
      egress: `http://${formatListen(wired.at.egress)}`,
      dns: wired.dns && formatListen(wired.at.dns),
      control: input.paths.control,
    },
    paused: paused && { by: paused.by, reason: paused.reason, since: isoTime(paused.at) },
    disabledAgents: disabled.map(({ agentId }) => agentId),
    staleSecrets: input.secrets.stale(),
    spend: {
      todayMicroUsd: spend.day.spentMicroUsd,
      monthMicroUsd: spend.month.spentMicroUsd,
      dayLimitMicroUsd: spend.day.limitMicroUsd,
      monthLimitMicroUsd: spend.month.limitMicroUsd,
    },
    provider: input.providers.title,
    log: { path: input.config.audit.log_path ?? input.paths.auditLog, entries: (wired.log.head()?.seq ?? -1) + 1 },
    startedAt: isoTime(facts.startedAt),
    configuration: facts.configuration,
  }
}

// What the operator must know does not stand. A wall that is missing is said, never assumed.
function boundaries({ user, paths, config: { egress: { mode } } }: WireInput, adopted: boolean): Status['boundaries'] {
  const missing = hardeningMissing()
  return [
    {
      id: 'own-user',
      stands: user !== null,
      detail: user
        ? `the gateway runs as uid ${user.uid}, the guard as another`
        : 'guard and gateway share a user: an agent with a shell could read and change the guard, its log and its keys',
      ...(user ? {} : { hint: ownUserHint() }),
    },
    {
      id: 'own-config',
      stands: !adopted,
      detail: adopted
        ? "openclaw.json belongs to the gateway's user: an agent with a shell could change it (the guard notices and closes)"
        : "openclaw.json cannot be changed by the gateway's user",
      ...(adopted ? { hint: 'the private profile (npm start without adopt) keeps it out of reach' } : {}),
    },
    kernelBoundary(paths),
    ...(mode === 'enforce' ? [] : [{ id: 'egress-lists', stands: false, detail: `egress.mode is ${mode}: hosts nobody allowed are reached, and only noted`, hint: 'hardshell egress propose, then egress.mode: enforce in network.yaml' }]),
    ...(missing === null ? [] : [{ id: 'no-new-privs', stands: false, detail: missing, hint: 'install util-linux' }]),
  ]
}

function ownUserHint(): string {
  return process.getuid?.() === 0
    ? 'give the installation to a user of its own (chown -R), then adopt it again'
    : 'run as root (sudo npm start): the gateway then gets a user of its own, without an account'
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
