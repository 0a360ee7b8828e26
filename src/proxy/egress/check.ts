import { isIP } from 'node:net'
import { messageOf } from '../../base/index.ts'
import { judgeAddresses, parsePrivateAllowance, type PrivateAllowance } from './addresses.ts'
import { readUrl, type AskedUrl } from './asked-url.ts'
import { gatewayIdentity, identityNamed, type EgressIdentity } from './identity.ts'
import { judge } from './judge.ts'
import { judgeDeniedAddresses, parseRules, type EgressRules, type RuleOptions } from './rules.ts'
import { judgeServer } from './server-name.ts'
import { parseAuthority } from './target.ts'

/** What a check is made by: the settings of the proxy that would decide. */
export interface CheckOptions {
  rules: RuleOptions
  allowPrivate: readonly string[]
  /** Every private address may be reached. */
  allowAllPrivate: boolean
  /** Looks names up where no address is given. Absent: the lists and the form decide. */
  resolve?: (host: string) => Promise<string[]>
}

export interface CheckAnswer {
  id: unknown
  verdict: 'allow' | 'deny'
  rule: string
  reason: string
}

/**
 * Says what the proxy would say, without sending anything. The functions are those of the proxy, in its order: form,
 * lists, addresses, server name.
 * @returns a function of one line; it answers every line and never throws
 * @throws HardshellError `egress.bad-host-rule`
 */
export function createCheck(options: CheckOptions): (line: string) => Promise<CheckAnswer> {
  const around: Around = { options, rules: parseRules(options.rules), allowance: allowanceOf(options) }
  return async (line) => {
    let id: unknown = null
    try {
      const asked: unknown = JSON.parse(line)
      if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return deny(null, 'egress.bad-line', 'the line is no JSON object')
      id = writable((asked as Line).id ?? null)
      return { id, ...(await judgeLine(asked, around)) }
    } catch (error) {
      return deny(id, 'egress.bad-line', error instanceof SyntaxError ? 'the line is no JSON' : `the line cannot be judged: ${messageOf(error)}`)
    }
  }
}

/** @throws RangeError for an id nested too deeply to be written into the answer */
function writable(id: unknown): unknown {
  if (typeof id === 'object') JSON.stringify(id)
  return id
}

interface Around {
  options: CheckOptions
  rules: EgressRules
  allowance: PrivateAllowance
}

/** One line. Whatever is in it may be of any type. */
interface Line {
  id?: unknown
  method?: unknown
  url?: unknown
  ip?: unknown
  sni?: unknown
  /** User name of a credential: `agent.main`. Absent: the gateway. */
  who?: unknown
}

type Said = Omit<CheckAnswer, 'id'>

async function judgeLine({ method, url, ip, sni, who }: Line, around: Around): Promise<Said> {
  const identity = who === undefined ? gatewayIdentity : typeof who === 'string' ? identityNamed(who) : null
  if (identity === null) return no('egress.bad-credential', '`who` is no name of a credential')
  if (typeof url !== 'string') return no('egress.bad-target', '`url` is missing or no text')
  if (method !== undefined && (typeof method !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(method))) return no('egress.bad-target', '`method` is no method')
  const asked = readAsked(typeof method === 'string' ? method : 'GET', url)
  if (typeof asked === 'string') return no('egress.bad-target', asked)
  const addresses = readAddresses(ip)
  if (addresses === 'bad') return no('egress.bad-line', '`ip` is no address')
  const listed = judgeListed(asked, identity, around)
  if (listed.verdict === 'deny') return listed
  const led = await judgePlace(asked, addresses, identity, around)
  if (led !== null) return led
  return judgeName(asked, sni) ?? listed
}

/** CONNECT names `host:port`, as a client does; with a URL it means the tunnel a client would ask for. */
function readAsked(method: string, url: string): (AskedUrl & { method: string; tunnel: boolean }) | string {
  const isConnect = method.toUpperCase() === 'CONNECT'
  const target = isConnect ? parseAuthority(url) : null
  if (target) return { target, encrypted: target.port !== 80, path: '/', method, tunnel: true }
  const asked = readUrl(url)
  if (typeof asked === 'string') return asked
  if (!asked.encrypted && asked.target.port === 443) return 'plain HTTP to port 443'
  return { ...asked, method: method.toUpperCase(), tunnel: isConnect }
}

function judgeListed({ target, encrypted, path, method, tunnel }: AskedUrl & { method: string; tunnel: boolean }, identity: EgressIdentity, { rules, allowance }: Around): Said {
  const request = encrypted ? 'never' : tunnel ? 'later' : { method, path }
  const { verdict } = judge({ identity, target, request }, rules, allowance, { allow: true, rule: 'default.allow', reason: '' })
  return { verdict: verdict.allow ? 'allow' : 'deny', rule: verdict.rule, reason: verdict.reason }
}

async function judgePlace({ target }: AskedUrl, given: string[] | null, identity: EgressIdentity, { options, rules, allowance }: Around): Promise<Said | null> {
  let addresses = target.literal ? [target.host, ...(given ?? [])] : given
  if (addresses === null && options.resolve) {
    try {
      addresses = await options.resolve(target.host)
    } catch (error) {
      return no('egress.unresolved', `${target.host} cannot be resolved: ${messageOf(error)}`)
    }
  }
  if (addresses === null) return null
  const judged = judgeAddresses(target, addresses, allowance)
  const against = judged.allow ? judgeDeniedAddresses(target, addresses, rules.layersFor(identity)) : judged
  return against && no(against.rule, against.reason)
}

/** `null` and the empty text stand for a ClientHello without a name; a missing `sni` for the usual one. */
function judgeName({ target, encrypted }: AskedUrl, sni: unknown): Said | null {
  if (sni === undefined || !encrypted) return null
  if (sni !== null && typeof sni !== 'string') return no('egress.bad-client-hello', '`sni` is no text')
  const verdict = judgeServer({ name: sni === '' ? null : sni, ech: false }, target, false)
  return verdict && no(verdict.rule, verdict.reason)
}

function readAddresses(ip: unknown): string[] | null | 'bad' {
  if (ip === undefined || ip === null) return null
  const list: unknown[] = Array.isArray(ip) ? ip : [ip]
  return list.every((one) => typeof one === 'string' && isIP(one) !== 0) ? (list as string[]) : 'bad'
}

function allowanceOf({ allowPrivate, allowAllPrivate, rules }: CheckOptions): PrivateAllowance {
  const allowance = parsePrivateAllowance(allowAllPrivate ? [...allowPrivate, '0.0.0.0/0', '::/0'] : allowPrivate)
  if (!allowAllPrivate) return allowance
  // Whoever means private places means the names of private places too, as far as they are listed.
  const names = rules.allowedHosts.map((entry) => (typeof entry === 'string' ? entry : entry.host).toLowerCase().replace(/:\d+$/, ''))
  return { networks: allowance.networks, names: new Set([...allowance.names, ...names]) }
}

function no(rule: string, reason: string): Said {
  return { verdict: 'deny', rule, reason }
}

function deny(id: unknown, rule: string, reason: string): CheckAnswer {
  return { id, ...no(rule, reason) }
}
