import { HardshellError, systemClock, writeFileAtomic } from '../base/index.ts'
import { askGuard, serveControl, type AuditCounts, type Status } from '../control/index.ts'
import { readJson5 } from '../openclaw/index.ts'
import { abortSessions } from './abort-sessions.ts'
import { recordConfig, type SnapshotPlace } from './config-snapshots.ts'
import { controlHandlers } from './control-handlers.ts'
import { createGatewayProcess, type GatewayProcess } from './gateway-process.ts'
import { gatewayAccepts } from './gateway-token.ts'
import { withOwnToken, writeGatewayToken } from './gateway-token-file.ts'
import { refuseCutOff } from './egress.ts'
import { reloadEgress } from './egress-reload.ts'
import { createHandoverTask, type HandoverTask } from './handover-task.ts'
import { gatewayTask } from './gateway-task.ts'
import { keepCallsYoung } from './heap.ts'
import { trusting } from './inspection.ts'
import { openDoorsInside } from './isolation.ts'
import { endLeftovers } from './leftovers.ts'
import { overlay, watchConfig, writeConfig, type Overlaid } from './openclaw-config.ts'
import { overlayFacts } from './overlay-facts.ts'
import { countsOf, keepAuditBefore, readAuditBefore } from './own-audit.ts'
import type { StatePaths } from './paths.ts'
import { freeAddress } from './ports.ts'
import { prepare, type Plan } from './prepare.ts'
import { describeGuard, type StatusFacts } from './status.ts'
import { refuseWithoutVpn } from './vpn-watch.ts'
import { wire, type Wired } from './wire.ts'

/** What `hardshell start` was told. */
export interface StartOptions {
  paths: StatePaths
  /** `--config` */
  config: string | undefined
  /** `--openclaw` */
  openclaw: string | undefined
  env: NodeJS.ProcessEnv
  cwd: string
}

export interface StartPorts {
  /** One line of progress. */
  say(line: string): void
  /** Gives up as soon as this is aborted. */
  interrupted: AbortSignal
}

/** A guard that is up. */
export interface Guard {
  status(): Promise<Status>
  stop(): Promise<void>
}

/** Brings everything up, in an order in which nothing is ever unguarded, and proves it. */
export async function startGuard(options: StartOptions, ports: StartPorts): Promise<Guard> {
  await refuseSecondGuard(options.paths)
  keepCallsYoung()
  const plan = await prepare(options, ports.say)
  ports.say(`settings: ${plan.configuration.directory ?? 'defaults (no configuration found)'}`)
  ports.say('starting the guard: front door, model proxy, egress proxy, audit log')
  const ends: (() => Promise<void> | void)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end()
  }
  try {
    const wired = await wire(plan.input)
    ends.push(() => wired.close())
    ends.push(async () => void (await wired.log.append({ event_type: 'lifecycle', reason: 'guard stopped' }).catch(() => undefined)))
    const handover = await createHandoverTask(plan, wired)
    ends.push(() => handover.close())
    const facts: StatusFacts = await bringUpGateway(plan, { wired, handover }, ports, ends)
    const status = (): Status => describeGuard(plan.input, wired, facts)
    const handlers = controlHandlers(plan.input, wired, {
      status,
      stop: () => process.kill(process.pid, 'SIGTERM'),
      abortSessions: (agentId) => abortSessions(plan, agentId),
      reloadSecrets: () => handover.reload(),
      reloadEgress: async (by) => {
        const reloaded = await reloadEgress(plan, wired, by)
        await recordConfig(snapshotPlace(plan), { why: 'the host lists were read anew', by, cause: 'ours' }, wired.log)
        return reloaded
      },
    })
    const control = await serveControl(options.paths.control, handlers)
    ends.push(() => control.close())
    await writeFileAtomic(options.paths.connection, `${JSON.stringify({ url: status().addresses.ingress, tokenFile: options.paths.operatorToken, log: status().log.path, settings: plan.configuration.directory })}\n`)
    await proveFirst(plan, wired, facts, ports)
    void wired.rotations.resume().catch(() => undefined) // what it could not do stays on record, for `secrets rotate --resume`
    await wired.log.append({ event_type: 'lifecycle', reason: 'guard started', detail: { ok: status().ok } })
    return { status: async () => status(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function refuseSecondGuard(paths: StatePaths): Promise<void> {
  try {
    await askGuard(paths.control, 'status', {}, 3000)
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'control.unreachable') return
    throw error
  }
  throw new HardshellError('guard.already-running', `a guard is already running on ${paths.root}`, { hint: 'hardshell status' })
}

// OpenClaw takes 12–17 s to start, 28–45 s with repairs or under load (openclaw.md trap 25).
const readyTimeoutMs = 150_000

async function bringUpGateway(plan: Plan, { wired, handover }: { wired: Wired; handover: HandoverTask }, { say, interrupted }: StartPorts, ends: (() => Promise<void> | void)[]): Promise<StatusFacts> {
  const { input, programs, installation } = plan
  const { user } = input
  await refuseWithoutVpn(wired)
  if (!plan.adopted) endLeftovers(user)
  await refuseTakenPort(input.gateway.port)
  const inside = await openDoorsInside(plan.isolation)
  ends.push(async () => await inside?.close())
  await inside?.openGatewayPort()
  const facts = { ...overlayFacts(input, wired.at, wired.sandbox), secretProvider: handover.provider }
  const overlaid = await withOwnToken(plan, overlay(installation.configFile, plan.adopted ? { ...facts, workspace: null } : facts))
  const audit: { before: AuditCounts | null; after: AuditCounts | null } = { before: null, after: null }
  if (overlaid.changes.length > 0 && plan.adopted) {
    const keys = overlaid.changes.map(({ at }) => at.join('.')).join(', ')
    throw new HardshellError('guard.adoption-refused', `${installation.configFile} is no longer as it was adopted: ${keys}`, { hint: 'hardshell adopt --undo, then hardshell adopt' })
  }
  if (!plan.adopted) refuseForeignProviders(overlaid)
  wired.sandbox.admit(readJson5(overlaid.after))
  const place = snapshotPlace(plan)
  await recordConfig(place, { why: 'as a start of the guard found it', by: 'hardshell', cause: 'seen' }, wired.log)
  for (const missing of refuseCutOff(readJson5(overlaid.after), input.config, plan.listsWritten)) await tellCutOff(missing, wired, say)
  if (overlaid.changes.length > 0) {
    await writeConfig(installation.configFile, overlaid.before, user) // judged as it was found
    say("asking OpenClaw's own security audit about the configuration as it was")
    await keepAuditBefore(plan, interrupted)
    const detail = { changes: overlaid.changes.length, keys: overlaid.changes.map(({ at }) => at.join('.')).join(' ') }
    await wired.log.append({ event_type: 'config_change', target: installation.configFile, user: 'hardshell', reason: 'overlay', detail })
    await writeConfig(installation.configFile, overlaid.after, user)
    await recordConfig(place, { why: "with the guard's own settings", by: 'hardshell', cause: 'ours' }, wired.log)
  }
  audit.before = readAuditBefore(input.paths)
  const gateway: GatewayProcess = createGatewayProcess(
    { task: trusting(gatewayTask(programs, installation, input.gateway.port, user), wired.inspection), port: input.gateway.port, outputFile: `${input.paths.guard}/gateway.out`, readyTimeoutMs },
    {
      clock: systemClock,
      onDown: (reason) => {
        void worldChanged(wired, reason)
        if (!plan.adopted) endLeftovers(user) // what an agent left running would be first at the hand-over
        handover.begin()
      },
      onReady: () => {
        handover.end()
        wired.pulse.forget('the gateway was started anew')
        void wired.pulse.prove()
      },
    },
  )
  input.gateway.pid = () => gateway.pid()
  input.gateway.ready = () => gateway.state() === 'ready'
  ends.push(() => gateway.stop())
  ends.push(() => wired.pulse.stop()) // before the gateway: a proof it interrupts would be an alert about nothing
  say(`starting OpenClaw ${programs.openclaw.version} (12 to 45 seconds)`)
  handover.begin()
  await untilInterrupted(gateway.start(), interrupted)
  const watch = watchConfig(installation.configFile, () => {
    void recordConfig(place, { why: 'somebody changed it while the guard ran', by: 'unknown', cause: 'seen' }, wired.log)
    void afterConfigChange(wired, gateway)
  })
  ends.push(() => watch.stop())
  input.gateway.takeToken = async (fresh) => {
    await writeGatewayToken(plan, overlay(installation.configFile, { ...facts, gatewayToken: fresh, ...(plan.adopted && { workspace: null }) }))
    watch.seen() // our own change: the paths stay open, and what it did is proven below
    await recordConfig(place, { why: 'the gateway was given another token', by: 'hardshell', cause: 'ours' }, wired.log)
    await gatewayAccepts(input.gateway, fresh)
    void wired.pulse.prove()
  }
  return { gateway, version: programs.openclaw.version, audit, configuration: plan.configuration, adopted: plan.adopted, startedAt: systemClock.now() }
}

function snapshotPlace({ input: { paths, config }, installation, configuration }: Plan): SnapshotPlace {
  return { paths, configFile: installation.configFile, settings: configuration.directory, keep: config.backup.snapshots.keep }
}

async function tellCutOff(missing: string, { log }: Wired, say: StartPorts['say']): Promise<void> {
  say(`warning: ${missing}`)
  await log.append({ event_type: 'alert', severity: 'warning', rule: 'egress.cut-off', reason: missing })
}

// Another program on the gateway's port would be sent the gateway's token.
async function refuseTakenPort(port: number): Promise<void> {
  if ((await freeAddress({ host: '127.0.0.1', port }, false)).port === port) return
  throw new HardshellError('guard.port-in-use', `another program listens on port ${port}, where the gateway has to`, {
    hint: 'stop it (an OpenClaw of your own: openclaw gateway stop), or choose another gateway.port in config.yaml',
  })
}

// Pointing somebody's new provider at our proxy would lose its address and its key: it belongs into our settings.
function refuseForeignProviders({ changes }: Overlaid): void {
  for (const { at, from } of changes) {
    if (at.length !== 4 || at[3] !== 'baseUrl' || typeof from !== 'string' || from.includes(`/p/${at[2]}`)) continue
    throw new HardshellError('guard.foreign-provider', `openclaw.json names a provider of its own: ${at.slice(0, 3).join('.')}`, {
      hint: `name it in config.yaml (models.providers.${at[2]}: api, base_url, key) and take it out of openclaw.json`,
    })
  }
}

async function proveFirst(plan: Plan, wired: Wired, facts: StatusFacts, { say, interrupted }: StartPorts): Promise<void> {
  say('attacking every surface, and asking OpenClaw again')
  const judged = countsOf(plan, interrupted)
  await untilInterrupted(wired.pulse.prove(), interrupted)
  wired.pulse.start()
  facts.audit.after = await judged
}

/** Closes the agents' paths until everything is proven again. A log that cannot be written keeps them closed by itself. */
async function worldChanged(wired: Wired, why: string): Promise<void> {
  wired.pulse.forget(why)
  await wired.log.append({ event_type: 'lifecycle', severity: 'warning', reason: why }).catch(() => undefined)
}

// The gateway reads its configuration anew some seconds after the file changed: a proof before that is one of the old
// world. It is proven after a pause, with the paths closed meanwhile, and once more for a slow machine.
const reloadMs = [5_000, 30_000]

async function afterConfigChange(wired: Wired, gateway: GatewayProcess): Promise<void> {
  await worldChanged(wired, "the gateway's configuration changed")
  for (const ms of reloadMs) {
    await new Promise((resolve) => setTimeout(resolve, ms).unref())
    if (gateway.state() === 'ready') await wired.pulse.prove()
  }
}

async function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const ended = new AbortController()
  const interruption = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work, interruption])
  } finally {
    ended.abort()
  }
}
