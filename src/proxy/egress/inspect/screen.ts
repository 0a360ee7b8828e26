import { setImmediate } from 'node:timers/promises'
import type { Secret } from '../../../base/index.ts'
import type { EgressIdentity } from '../identity.ts'
import { piecesOf, textOf } from './body-texts.ts'
import { alarm, no, type No } from './no.ts'
import type { RequestPath } from './request-path.ts'
import type { InspectRule, Room } from './room.ts'
import { traceSentinel, type Sentinel } from './sentinel.ts'
import { substitute, withoutSentinel } from './substitute.ts'

/** What a request says, unpacked. All of it is attacker-controlled. */
export interface Upload {
  path: RequestPath
  /** Names in lower case. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Buffer
}

/** What may leave: headers with their credentials put in, and the body. */
export interface Screened {
  headers: readonly (readonly [name: string, value: string])[]
  body: Buffer
  /** False: the body is as it came, byte for byte. */
  redacted: boolean
  substituted: readonly string[]
}

/** Looks through everything a request carries, puts in what its sentinels stand for, refuses what must not leave. */
export async function screen(upload: Upload, rule: InspectRule, identity: EgressIdentity, room: Room): Promise<Screened | No> {
  const wanted = rule.secrets !== 'allow'
  for (const place of placesOf(upload, rule)) {
    const found = leakIn(place, room) ?? (wanted ? secretIn(place, room) : null)
    if (found) return found
    // A long header full of encodings is as much work as a body.
    if (place.text.length > longPlace) await setImmediate()
  }
  const body = await screenBody(upload.body, rule, room)
  if (!Buffer.isBuffer(body)) return body
  const filled = await fillIn(upload.headers, { rule, identity, room })
  return 'alarming' in filled ? filled : { ...filled, body, redacted: body !== upload.body }
}

const longPlace = 1_024

function placesOf({ path: { path, query }, headers }: Upload, rule: InspectRule): Place[] {
  const rest = headers.map(([name, value]): [string, string] => [name, withoutOwnSentinels(name, value, rule)])
  const all: Place[] = [
    { where: 'its path', text: path },
    { where: 'its query', text: query },
    // Names carry as well as values, and are not quoted for the same reason.
    { where: 'the names of its headers', text: rest.map(([name]) => name).join('\n') },
    ...rest.map(([name, value]) => ({ where: quotable.test(name) ? `its header ${name}` : 'a header', text: value })),
    // A text cut in two over neighbouring fields is whole again in here.
    { where: 'its headers', text: rest.map(([, value]) => value).join('') },
  ]
  return all.filter(({ text }) => text !== '')
}

const quotable = /^[a-z][a-z-]{0,24}$/

interface Place {
  where: string
  text: string
}

function withoutOwnSentinels(name: string, value: string, { credentials }: InspectRule): string {
  return credentials.filter(({ header }) => header === name).reduce((rest, sentinel) => withoutSentinel(rest, sentinel), value)
}

/** Sentinels outside their place, and canaries: in every mode a no. */
function leakIn({ where, text }: Place, { sentinels, ports: { content } }: Room): No | null {
  const trace = traceSentinel(content.layers(text), sentinels)
  if (trace.kind === 'known') {
    const { secret, host, header } = trace.sentinel
    return alarm('egress.sentinel', `${where} carries the sentinel of ${secret}, which is good for the header ${header} towards ${host} only`)
  }
  if (trace.kind === 'unknown') return alarm('egress.sentinel', `${where} carries a sentinel nobody gave out, or a part of one`)
  if (content.holdsCanary(text)) return alarm('egress.canary', `${where} carries a canary: something was read that nobody has business reading`)
  return null
}

function secretIn({ where, text }: Place, { ports: { content } }: Room): No | null {
  const [kind] = content.layers(text).flatMap((layer) => content.secretsIn(layer))
  if (kind === undefined) return null
  return alarm('egress.secret', `${where} carries a secret (${kind}); what this host may have is listed in egress.inspect, credentials`)
}

/** @returns the body that may leave: the very same, or one without its secrets */
async function screenBody(bytes: Buffer, { secrets }: InspectRule, room: Room): Promise<Buffer | No> {
  const { text, encoding } = textOf(bytes)
  let found: No | null = null
  for await (const piece of piecesOf(text)) {
    const place = { where: 'its body', text: piece }
    const leak = leakIn(place, room)
    if (leak) return leak
    if (secrets !== 'allow') found ??= secretIn(place, room)
    if (found !== null && secrets === 'block') return found
  }
  return found === null ? bytes : await redacted(text, encoding, room)
}

async function redacted(text: string, encoding: 'utf8' | 'latin1', room: Room): Promise<Buffer | No> {
  const redactor = room.ports.content.answerRedactor()
  let clean = ''
  for (let at = 0; at < text.length; at += redactedAtOnce) {
    clean += redactor.push(text.slice(at, at + redactedAtOnce))
    await setImmediate()
  }
  clean += redactor.end()
  // What hides in an encoding cannot be taken out of it.
  for await (const piece of piecesOf(clean)) {
    const left = secretIn({ where: 'its body', text: piece }, room)
    if (left) return left
  }
  return Buffer.from(clean, encoding)
}

const redactedAtOnce = 16_384

async function fillIn(
  headers: Upload['headers'],
  { rule, identity, room }: { rule: InspectRule; identity: EgressIdentity; room: Room },
): Promise<Pick<Screened, 'headers' | 'substituted'> | No> {
  const filled: [string, string][] = []
  const substituted: string[] = []
  for (const [name, value] of headers) {
    let text = value
    for (const sentinel of rule.credentials.filter(({ header }) => header === name)) {
      if (withoutSentinel(text, sentinel) === text) continue
      const put = await putIn(text, sentinel, { identity, room })
      if (typeof put !== 'string') return put
      text = put
      substituted.push(sentinel.secret)
    }
    filled.push([name, text])
  }
  return { headers: filled, substituted }
}

async function putIn(value: string, sentinel: Sentinel, { identity, room }: { identity: EgressIdentity; room: Room }): Promise<string | No> {
  const { secret: name } = sentinel
  const allowed = room.ports.mayUse(name, identity)
  if (!allowed.allow) return alarm(allowed.rule, allowed.reason)
  const secret = await found(name, room)
  if (secret === 'unreadable') return no(502, 'egress.credential-missing', `the store of the secret ${name} cannot be read; hardshell secrets status`)
  if (secret === null) return no(502, 'egress.credential-missing', `the secret ${name} is in no store; hardshell secrets put ${name}`)
  const put = substitute(value, sentinel, secret)
  if (put.kind === 'substituted') return put.value
  return no(502, 'egress.credential-unusable', `the secret ${name} holds characters no header may have`)
}

async function found(name: string, { ports }: Room): Promise<Secret | null | 'unreadable'> {
  try {
    return await ports.secret(name)
  } catch {
    return 'unreadable' // what the store said is in the log by its own entry
  }
}
