import { request } from 'node:http'
import { connect } from 'node:net'
import type { Clock } from '../../base/index.ts'
import { readSshdFiles, runProgram, sshdConfigPath, sshdLines, sshdValue, type Machine } from '../../host/index.ts'
import { locateOpenClaw, readJson5, valueAt } from '../../openclaw/index.ts'
import type { Part } from '../change.ts'
import { readEntrance, whyShut } from './entrance.ts'
import type { Site } from './site.ts'

/** What answers on this machine; what did not answer before is not missed after. */
export interface Answers {
  gateway: boolean
  ssh: boolean
  /** Channels of OpenClaw that run, as `telegram/default`; `null`: nobody could say. */
  channels: readonly string[] | null
}

/** Looks whether what people use still answers. */
export interface Watch {
  answers(): Promise<Answers>
  /** Why something does not answer any more after a change of this part, `null` when all that did does. Waits as long as a restart takes. */
  lost(before: Answers, part: Part): Promise<string | null>
  /** What OpenClaw has against its configuration; `null` when nothing, or when it cannot be asked. */
  configProblem(): Promise<string | null>
}

// OpenClaw's gateway takes 12 to 45 s to start on two cores (measured); a machine under load twice that.
const gatewayPatienceMs = 90_000
const sshPatienceMs = 10_000
// A hot reload begins after OpenClaw has seen the file and waited for more: within this time it still answers as before.
const settleMs = 3000
const answerMs = 3000

const gatewayParts: readonly Part[] = ['gateway', 'secrets', 'sysctl', 'systemd', 'containers', 'firewall']
const sshParts: readonly Part[] = ['sysctl', 'systemd', 'fail2ban', 'firewall', 'ssh']

/** Of the machine itself; where only files are changed, nothing answers and nothing is missed. */
export function watchOf(site: Site, clock: Clock): Watch {
  const { host } = site.subject
  if (host === null || !host.live) return { answers: async () => await Promise.resolve(nothing), lost: async () => await Promise.resolve(null), configProblem: async () => await Promise.resolve(null) }
  return {
    answers: async () => {
      const gateway = await gatewayAnswers(site)
      return { gateway, ssh: await sshAnswers(site, host), channels: gateway ? await channelsOf(site) : null }
    },
    lost: async (before, part) => {
      if (before.ssh && sshParts.includes(part)) {
        const why = await whySshLost(site, host, clock)
        if (why !== null) return why
      }
      return before.gateway && gatewayParts.includes(part) ? await whyGatewayLost(site, before, clock) : null
    },
    configProblem: async () => await configProblem(site),
  }
}

const nothing: Answers = { gateway: false, ssh: false, channels: null }

async function whySshLost(site: Site, host: Machine, clock: Clock): Promise<string | null> {
  if (!(await within(sshPatienceMs, clock, async () => await sshAnswers(site, host)))) return 'sshd does not answer any more'
  const { user, connection } = site.session
  if (user === null) return null
  // sshd's own word on this person, with every Match block of theirs.
  const peer = connection?.peer ?? '127.0.0.1'
  const ran = await host.run(['sshd', '-T', '-C', `user=${user},host=${peer},addr=${peer}`])
  if (ran === null || ran.status !== 0) return null
  const entrance = await readEntrance(host)
  const shut = entrance === null ? null : whyShut({ ...entrance, lines: sshdLines({ [sshdConfigPath]: ran.out }) }, user, site.session)
  // Somebody on a console who never came in that way has nothing to lose.
  return shut !== null && connection !== null ? `sshd would not let ${user} in: ${shut}` : null
}

async function whyGatewayLost(site: Site, before: Answers, clock: Clock): Promise<string | null> {
  await pause(settleMs)
  if (!(await within(gatewayPatienceMs, clock, async () => await gatewayAnswers(site)))) return `the gateway does not answer any more on port ${await gatewayPort(site)}`
  const lost = async (): Promise<string[]> => {
    const now = await channelsOf(site)
    return now === null ? [] : (before.channels ?? []).filter((channel) => !now.includes(channel))
  }
  if (await within(gatewayPatienceMs, clock, async () => (await lost()).length === 0)) return null
  return `channels do not run any more: ${(await lost()).join(', ')}`
}

async function within(patienceMs: number, clock: Clock, ask: () => Promise<boolean>): Promise<boolean> {
  const until = clock.monotonicMs() + patienceMs
  for (;;) {
    if (await ask()) return true
    if (clock.monotonicMs() >= until) return false
    await pause(500)
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

async function sshAnswers({ session }: Site, host: Machine): Promise<boolean> {
  const files = await readSshdFiles(host).catch(() => null)
  const configured = Number((files === null ? null : sshdValue(sshdLines(files), 'Port')?.value.split(' ')[0]) ?? 22)
  return await greets(session.connection?.address ?? '127.0.0.1', session.connection?.port ?? configured)
}

/** RFC 4253 4.2: the server says its version first. */
async function greets(address: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(answerMs, () => end(false))
    socket.once('error', () => end(false)).once('close', () => resolve(false))
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-')))
  })
}

async function gatewayPort({ subject }: Site): Promise<number> {
  const text = subject.config === null ? null : await subject.files.text(subject.config).catch(() => null)
  const port = Number(subject.files.env['OPENCLAW_GATEWAY_PORT'] ?? portIn(text))
  return port > 0 ? port : 18_789 // OpenClaw's own default
}

function portIn(text: string | null): unknown {
  try {
    return text === null ? undefined : valueAt(readJson5(text), ['gateway', 'port'])
  } catch {
    return undefined
  }
}

/** Any answer will do: a gateway with TLS of its own hangs up on plain HTTP, which is an answer too. */
async function gatewayAnswers(site: Site): Promise<boolean> {
  const port = await gatewayPort(site)
  return await new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/healthz', timeout: answerMs }, (answer) => {
      answer.resume()
      resolve((answer.statusCode ?? 500) < 500)
    })
    asked.once('timeout', () => asked.destroy(new Error('late')))
    asked.once('error', (error) => resolve(/ECONNRESET|HPE_|Parse Error|socket hang up/.test(`${(error as NodeJS.ErrnoException).code} ${error.message}`)))
    asked.end()
  })
}

/** Channels whose accounts run, as the gateway tells them. */
async function channelsOf(site: Site): Promise<readonly string[] | null> {
  const out = await openclaw(site, ['channels', 'status', '--json'])
  try {
    const { channelAccounts = {} } = JSON.parse(out?.out ?? '') as { channelAccounts?: Record<string, { accountId?: string; running?: boolean; connected?: boolean }[]> }
    return Object.entries(channelAccounts).flatMap(([channel, accounts]) => accounts.filter(({ running, connected }) => running === true || connected === true).map(({ accountId }) => `${channel}/${accountId}`))
  } catch {
    return null
  }
}

async function configProblem(site: Site): Promise<string | null> {
  const ran = await openclaw(site, ['config', 'validate'])
  return ran === null || ran.status === 0 ? null : `openclaw config validate ended with ${ran.status}`
}

// Four seconds on a quiet machine (measured); a busy one takes its time.
const openclawTimeoutMs = 60_000

/**
 * Runs OpenClaw's own program as the owner of the configuration: it may lie where that user can change it, so root does
 * not run it. `null`: it is not on PATH, or cannot be run so.
 */
async function openclaw({ subject }: Site, args: readonly string[]): Promise<{ status: number | string; out: string } | null> {
  const { config, stateDir, files } = subject
  if (config === null) return null
  try {
    const { entry } = locateOpenClaw({ folders: [], path: files.env['PATH'] })
    const owner = await files.status(config)
    const become = owner === null || process.geteuid?.() !== 0 || owner.uid === 0 ? [] : ['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups', '--']
    const env = { HOME: files.home, OPENCLAW_CONFIG_PATH: config, OPENCLAW_CONFIG_READONLY: '1', OPENCLAW_HIDE_BANNER: '1', ...(stateDir === null ? {} : { OPENCLAW_STATE_DIR: stateDir }) }
    return await runProgram([...become, process.execPath, entry, ...args], { timeoutMs: openclawTimeoutMs, env })
  } catch {
    return null // not installed: nobody to ask
  }
}
