import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { formatListen, Secret, type Listen } from '../../base/index.ts'
import { generateToken } from '../../identity/index.ts'
import { identityNamed, type EgressIdentity } from './identity.ts'

/** Makes and knows the credentials of the way out. */
export interface EgressCredentials {
  /** `NAME:TOKEN`, as it stands in the address of a proxy. */
  userInfo(identity: EgressIdentity): Secret
  /** `http://NAME:TOKEN@127.0.0.1:18702`: what goes into `HTTPS_PROXY` of whoever is to be recognised. */
  proxyUrl(identity: EgressIdentity, at: Listen): Secret
  /** @param name, token as presented; attacker-controlled. @returns `null` for everything but a right pair */
  authenticate(name: string, token: string): EgressIdentity | null
}

/**
 * Each token is derived from one key of the guard's and the identity's name: nothing is kept per agent, an agent that
 * is new tomorrow has one, and only who holds the key can make one. A token is good for nothing but this proxy.
 */
export function createEgressCredentials(key: Secret): EgressCredentials {
  const tokenOf = ({ name }: EgressIdentity): Secret => {
    const derived = createHmac('sha256', key.reveal()).update(`egress proxy\n${name}`).digest()
    return generateToken('tok', { bytes: () => derived })
  }
  const userInfo = (identity: EgressIdentity): Secret => new Secret(`${identity.name}:${tokenOf(identity).reveal()}`)
  return {
    userInfo,
    proxyUrl: (identity, at) => new Secret(`http://${userInfo(identity).reveal()}@${formatListen(at)}`),
    authenticate(name, token) {
      const identity = identityNamed(name)
      if (identity === null) return null
      return timingSafeEqual(digest(tokenOf(identity).reveal()), digest(token)) ? identity : null
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

// Names have 140 characters at most, tokens 56: what is longer is none of ours and is not decoded.
const maxHeaderChars = 400

/**
 * Reads `Proxy-Authorization: Basic …`. The text is attacker-controlled.
 * @returns `null` when it is anything else. Source: RFC 7617
 */
export function readBasic(header: string): { name: string; token: string } | null {
  const match = header.length <= maxHeaderChars ? /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) : null
  if (!match) return null
  const text = Buffer.from(match[1]!, 'base64').toString('latin1')
  const colon = text.indexOf(':')
  return colon < 1 ? null : { name: text.slice(0, colon), token: text.slice(colon + 1) }
}
