import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { HardshellError, writeFileAtomic, type Clock, type Random } from '../../../base/index.ts'
import { authorityKeyId, basicConstraints, extendedKeyUsage, keyUsage, nameConstraints, signCertificate, subjectAltNames, subjectKeyId } from './certificate.ts'

/** The authority of one installation: it vouches for inspected hosts, towards this OpenClaw and nobody else. */
export interface Authority {
  /** PEM. */
  certificate: string
  /** A certificate for one host, and its key, both PEM. Good for a day. */
  issue(host: string): Leaf
}

export interface Leaf {
  cert: string
  key: string
  expiresAtMs: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
// Ten years: a change of it needs a restart of everything that trusts it, and it can vouch for the listed names only.
const authorityMs = 3650 * dayMs
const renewedBeforeMs = 180 * dayMs
// Long enough for a connection, too short to be worth stealing.
const leafMs = dayMs
// Clocks of containers and phones differ by minutes.
const toleranceMs = 5 * 60_000

const subject = 'Hardshell egress inspection'

/**
 * The authority kept in `folder`, made when there is none. Its key never leaves the folder. A certificate vouches for
 * `domains` and what is below them only, so it is made anew, for the same key, when they change or its time runs out.
 * @throws HardshellError `egress.bad-authority` when key or folder are open to others, or damaged
 */
export async function openAuthority(folder: string, domains: readonly string[], ports: { clock: Clock; random: Random }): Promise<Authority> {
  const key = await keyIn(folder)
  const certificate = await certificateIn(folder, { key, domains: [...new Set(domains)].sort() }, ports)
  return { certificate, issue: (host) => issue(host, key, ports) }
}

async function keyIn(folder: string): Promise<KeyObject> {
  const path = join(folder, keyFile)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  refuseOpen(folder, 0o077)
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFileAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  }
  refuseOpen(path, 0o177)
  try {
    return createPrivateKey(readFileSync(path))
  } catch {
    throw bad(`${path} holds no private key`, `rm ${path}: a new authority is made, which everything has to be told about (hardshell start)`)
  }
}

const keyFile = 'authority.key'
const certificateFile = 'authority.pem'
const domainsFile = 'authority.names'

function refuseOpen(path: string, forbidden: number): void {
  const { mode, uid } = statSync(path)
  const own = process.getuid?.()
  if ((mode & forbidden) !== 0 || (own !== undefined && uid !== own)) throw bad(`${path} is open to others`, `chmod go= ${path}, and chown it to the user of the guard`)
}

/** @returns the certificate `openAuthority` left in this folder, PEM; `null` when there is none yet */
export function readAuthority(folder: string): string | null {
  const path = join(folder, certificateFile)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

async function certificateIn(folder: string, wanted: { key: KeyObject; domains: readonly string[] }, ports: { clock: Clock; random: Random }): Promise<string> {
  const names = `${wanted.domains.join('\n')}\n`
  const present = readAuthority(folder)
  if (present !== null && isGood(present, wanted.key, ports.clock.now()) && readNames(folder) === names) return present
  const made = selfIssue(wanted, ports)
  await writeFileAtomic(join(folder, certificateFile), made, { mode: 0o600 })
  await writeFileAtomic(join(folder, domainsFile), names, { mode: 0o600 })
  return made
}

function readNames(folder: string): string | null {
  const path = join(folder, domainsFile)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function isGood(pem: string, key: KeyObject, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem)
    return certificate.checkPrivateKey(key) && certificate.validFromDate.getTime() <= nowMs && nowMs < certificate.validToDate.getTime() - renewedBeforeMs
  } catch {
    return false
  }
}

function selfIssue({ key, domains }: { key: KeyObject; domains: readonly string[] }, { clock, random }: { clock: Clock; random: Random }): string {
  const publicKey = createPublicKey(key)
  const notBeforeMs = clock.now() - toleranceMs
  const extensions = [basicConstraints(true), keyUsage(true), subjectKeyId(publicKey), nameConstraints(domains)]
  return signCertificate({ subject, issuer: subject, serial: serial(random), notBeforeMs, notAfterMs: notBeforeMs + authorityMs, publicKey, extensions }, key)
}

function issue(host: string, authorityKey: KeyObject, { clock, random }: { clock: Clock; random: Random }): Leaf {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const notBeforeMs = clock.now() - toleranceMs
  const expiresAtMs = clock.now() + leafMs
  const extensions = [
    basicConstraints(false),
    keyUsage(false),
    extendedKeyUsage('server'),
    subjectAltNames([host]),
    subjectKeyId(publicKey),
    authorityKeyId(createPublicKey(authorityKey)),
  ]
  // A CN holds 64 characters at most (RFC 5280, appendix A); nobody reads it.
  const text = { subject: host.slice(0, 64), issuer: subject, serial: serial(random), notBeforeMs, notAfterMs: expiresAtMs, publicKey, extensions }
  return { cert: signCertificate(text, authorityKey), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), expiresAtMs }
}

/** 127 bits, never zero or negative. Source: RFC 5280, section 4.1.2.2. */
function serial(random: Random): Buffer {
  const bytes = Buffer.from(random.bytes(16))
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes
}

function bad(what: string, hint: string): HardshellError {
  return new HardshellError('egress.bad-authority', `the authority for inspected connections: ${what}`, { hint })
}
