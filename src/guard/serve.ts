import { join } from 'node:path'
import { openAuditLog, type AuditLog } from '../auditlog/index.ts'
import { formatListen, HardshellError, isLoopback, isPublicAddress, parseListen, systemClock, type Listen } from '../base/index.ts'
import { createMeter, migrations, type Limits } from '../budget/index.ts'
import type { Config, LoadedConfig } from '../config/index.ts'
import { createTokenBook } from '../identity/index.ts'
import { createEgressProxy } from '../proxy/egress/index.ts'
import { createTurnBook } from '../proxy/index.ts'
import { createIngress } from '../proxy/ingress/index.ts'
import { createModelProxy, type Caller, type Provider } from '../proxy/model/index.ts'
import { openStore } from '../store/index.ts'
import { ingressOptions } from './doors.ts'
import { egressOptions } from './egress.ts'
import { prepareFolders } from './folders.ts'
import { readCanaries } from './canaries.ts'
import { createGuardContent } from './content.ts'
import { keepCallsYoung } from './heap.ts'
import { forModelProxy, limitsOf, pricesOf } from './metering.ts'
import { ownKeys, tokenEntry } from './own-keys.ts'
import { statePaths, type StatePaths } from './paths.ts'
import { apiTokens, readConfiguration } from './prepare.ts'
import { chooseProviders } from './providers.ts'
import { openGuardInspection } from './inspection.ts'
import { outboundTlsOf } from './outbound-tls.ts'
import { openSecrets } from './secrets.ts'
import { holdVpn } from './serve-vpn.ts'

/** One proxy on its own, without a gateway to guard. */
export interface ServeOptions {
  what: 'model' | 'egress' | 'ingress'
  listen: string
  upstream: string | undefined
  /** The front door's: where a browser or program sees it, when that is not where it listens (a published port). */
  origins?: readonly string[]
  config: string | undefined
  stateRoot: string
  /** Listens in the clear beyond loopback: on the network of a container or a pod, where nobody else is. */
  dangerouslyPlain: boolean
  env: NodeJS.ProcessEnv
  cwd: string
}

export interface Served {
  at: Listen
  /** What holds and what does not, for the screen. */
  notes: string[]
  close(): Promise<void>
}

/**
 * Runs one proxy alone with all its checks, for those who guard something else than our gateway with it. Each keeps
 * a state of its own, named after its port, so that several run beside each other and beside a guard.
 */
export async function serveAlone(options: ServeOptions): Promise<Served> {
  const listen = parseListen(options.listen)
  if (!listen) throw new HardshellError('cli.usage', `--listen ${options.listen} is not HOST:PORT`, { hint: `hardshell serve ${options.what} --listen 127.0.0.1:8080` })
  if (!isLoopback(listen.host) && !(options.dangerouslyPlain && !isPublicAddress(listen.host))) {
    throw new HardshellError('guard.open-door', `--listen ${options.listen}: without TLS the proxy listens on loopback only`, {
      hint: 'keep 127.0.0.1 and put a reverse proxy with TLS before it; between containers: --dangerously-plain, on a private address',
    })
  }
  const loaded = await readConfiguration(options)
  const paths = statePaths(join(options.stateRoot, 'alone', `${options.what}-${listen.port}`))
  await prepareFolders(paths, null)
  const log = await openAuditLog({ path: loaded.config.audit.log_path ?? paths.auditLog, rotateBytes: loaded.config.audit.rotation.max_size }, { clock: systemClock })
  try {
    const alone: Alone = { options, listen, loaded, config: loaded.config, paths, log }
    const served = await serveOne(alone)
    return { ...served, close: async () => (await served.close(), await log.close()) }
  } catch (error) {
    await log.close()
    throw error
  }
}

interface Alone {
  options: ServeOptions
  listen: Listen
  loaded: LoadedConfig
  config: Config
  paths: StatePaths
  log: AuditLog
}

const serveOne = (alone: Alone): Promise<Served> => ({ model: serveModel, egress: serveEgress, ingress: serveIngress })[alone.options.what](alone)

async function serveModel({ options, listen, loaded, config, paths, log }: Alone): Promise<Served> {
  keepCallsYoung()
  const tls = outboundTlsOf(config)
  const vpn = await holdVpn(config, log, 'the model proxy')
  const secrets = openSecrets(paths, options.env, config.secrets, { tls })
  const fresh = secrets.keepFresh()
  const providers = options.upstream === undefined ? (await chooseProviders(config, secrets)).forProxy : passThrough(options.upstream)
  const holdsKeys = options.upstream === undefined && providers.some(({ local }) => !local)
  const keys = await ownKeys(secrets.local, paths)
  const store = openStore({ path: paths.database, migrations })
  const unknown = loaded.written.includes('budgets.unknown_model') ? config.budgets.unknown_model : 'ceiling'
  const prices = await pricesOf({ ...config, budgets: { ...config.budgets, unknown_model: unknown } })
  const meter = createMeter({ db: store.db, limits: writtenLimits(loaded), prices }, { clock: systemClock })
  const proxy = createModelProxy(
    { providers },
    {
      audit: log,
      clock: systemClock,
      turns: createTurnBook(systemClock),
      authenticate: callersAlone(holdsKeys, [tokenEntry('operator', ['write'], keys.operator), ...(await tokenEntries(config, secrets))]),
      decide: () => vpn.refuses() ?? { allow: true, rule: 'default.allow', reason: 'no gateway to guard: every authenticated call is allowed' },
      meter: forModelProxy(meter, log, providers),
      outboundTls: tls,
      content: createGuardContent({ content: config.content, canaries: await readCanaries(secrets.local), boundary: null }).model,
    },
  )
  const at = await proxy.listen(listen)
  vpn.watch((reason) => proxy.cut(() => true, reason))
  const notes = [
    holdsKeys ? `callers present a token of api.yaml or the one in ${paths.operatorToken}` : "callers' own keys are passed on to the upstream: this proxy holds none",
    loaded.written.some((key) => key.startsWith('budgets.')) ? 'budgets of config.yaml hold' : 'no budget is set: spending is counted, not limited (budgets in config.yaml)',
  ]
  return { at, notes, close: async () => (vpn.stop(), await proxy.close(), fresh.stop(), await secrets.close(), meter.close(), store.close()) }
}

/** The upstream of `--upstream`, for every protocol, with the client's own key. */
function passThrough(upstream: string): Provider[] {
  const baseUrl = upstream.replace(/\/(v1(beta)?\/?)?$/, '')
  if (!URL.canParse(baseUrl)) throw new HardshellError('cli.usage', `--upstream ${upstream} is not a URL`, { hint: '--upstream https://api.openai.com' })
  const key = async (): Promise<null> => null
  return [
    { name: 'openai', api: 'openai-chat', baseUrl, key },
    { name: 'anthropic', api: 'anthropic-messages', baseUrl, key },
    { name: 'google', api: 'google-generative', baseUrl, key },
  ]
}

function callersAlone(holdsKeys: boolean, entries: Parameters<typeof createTokenBook>[0]): (presented: string | null) => Caller | null {
  const book = createTokenBook(entries)
  const rules = { turnRequired: false, free: false, refusal: 'http' } as const
  return (presented) => {
    const who = book.authenticate(presented)
    if (who?.permissions.includes('write')) return { ...who, ...rules }
    return holdsKeys ? null : { name: 'client', permissions: ['model:call'], presentsOwnKey: true, ...rules }
  }
}

// Defaults guard an agent that runs day and night. Somebody who puts the proxy before an application of their own
// sets limits of their own; what is not written is counted and not limited, and the notes say so.
function writtenLimits({ config, written }: LoadedConfig): Limits {
  const { perAgentOverrides: _, ...limits } = limitsOf(config)
  const isWritten = (name: string): boolean => written.some((key) => key === `budgets.${name}` || key.startsWith(`budgets.${name}.`))
  return {
    ...Object.fromEntries(Object.entries(limits).filter(([name]) => isWritten(name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)))),
    perAgentOverrides: config.budgets.per_agent_overrides,
  }
}

async function serveEgress({ options, listen, config, paths, log }: Alone): Promise<Served> {
  const tls = outboundTlsOf(config)
  const vpn = await holdVpn(config, log, 'the egress proxy')
  const secrets = openSecrets(paths, options.env, config.secrets, { tls })
  const content = createGuardContent({ content: config.content, canaries: await readCanaries(secrets.local), boundary: null })
  const inspected = config.egress.inspect
  const found = await Promise.all(inspected.flatMap(({ credentials }) => credentials).map(async ({ secret }) => await secrets.get(secret)))
  content.know(found.filter((secret) => secret !== null))
  const inside = inspected.length === 0 ? null : await openGuardInspection({ paths, config, keys: await ownKeys(secrets.local, paths), secrets, tls }, { audit: log, content: content.inspect })
  const proxy = createEgressProxy(
    egressOptions(config),
    { audit: log, clock: systemClock, decide: () => vpn.refuses() ?? { allow: true, rule: 'default.allow', reason: 'the lists decide' }, ...(inside && { inspection: inside.inspection }) },
  )
  const at = await proxy.listen(listen)
  vpn.watch((reason) => proxy.cut(() => true, reason))
  const notes = [
    `allowed: ${config.egress.allowed_hosts.map((entry) => (typeof entry === 'string' ? entry : entry.host)).join(', ') || 'nothing (egress.allowed_hosts in network.yaml)'}`,
    ...(inside ? [`inspected: ${inspected.map(({ host }) => host).join(', ')}; clients have to trust ${inside.environment['NODE_EXTRA_CA_CERTS']}`] : []),
    ...(inside?.inspection.sentinels ?? []).map(({ text, secret, host, header }) => `${secret}=${text} stands for the secret in the header ${header} towards ${host}`),
  ]
  return { at, notes, close: async () => (vpn.stop(), await proxy.close(), await secrets.close()) }
}

async function serveIngress({ options, listen, config, paths, log }: Alone): Promise<Served> {
  const upstream = URL.parse(options.upstream ?? 'http://127.0.0.1:18789')
  if (upstream?.protocol !== 'http:') throw new HardshellError('cli.usage', '--upstream is not the http address of a gateway', { hint: '--upstream http://127.0.0.1:18789' })
  const gateway = { host: upstream.hostname, port: Number(upstream.port || 80) }
  const secrets = openSecrets(paths, options.env, config.secrets, { tls: outboundTlsOf(config) })
  const token = await secrets.get('OPENCLAW_GATEWAY_TOKEN')
  if (!token) throw new HardshellError('secrets.missing', "the gateway's token is not known (OPENCLAW_GATEWAY_TOKEN)", { hint: 'OPENCLAW_GATEWAY_TOKEN_FILE=/path/to/token hardshell serve ingress …' })
  const keys = await ownKeys(secrets.local, paths)
  const visitors = createTokenBook([tokenEntry('operator', ['read', 'write', 'admin'], keys.operator), ...(await tokenEntries(config, secrets))])
  const ingress = createIngress(
    { ...ingressOptions(gateway), publicOrigins: options.origins ?? [] },
    { audit: log, clock: systemClock, authenticate: (presented) => visitors.authenticate(presented), gatewayToken: async () => token, device: () => keys.device },
  )
  const at = await ingress.listen(listen)
  return { at, notes: [`log in with the token in ${paths.operatorToken}`, `the gateway behind it: ${formatListen(gateway)}`], close: async () => (await ingress.close(), await secrets.close()) }
}

async function tokenEntries(config: Config, secrets: ReturnType<typeof openSecrets>): Promise<ReturnType<typeof tokenEntry>[]> {
  const tokens = await apiTokens(config, (name) => secrets.get(name))
  return tokens.map(({ name, permissions, secret }) => tokenEntry(name, permissions, secret))
}
