import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { HardshellError, isNodeError } from './errors.ts'

/** Authorities read from a file. */
export interface Trust {
  /** PEM, one certificate each. */
  authorities: readonly string[]
  /** How many were left out because their time is over or has not come. */
  outdated: number
}

/**
 * Reads a bundle of certificate authorities. Whoever can change it decides whom the guard believes, so it has to
 * belong to root or to the guard. Comments between the certificates are skipped, as every tool does.
 * @throws HardshellError `tls.bad-ca-bundle`, `tls.unsafe-ca-bundle`, each naming path and reason
 */
export function readTrust(path: string, nowMs: number): Trust {
  refuseForeignFile(path)
  const text = readText(path)
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw bad(path, 'it holds a private key, which nobody needs to verify', 'keep the certificates only')
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (text.trim() === '') throw bad(path, 'the file is empty', `put the authority's certificate into it, PEM`)
  if (!blocks) throw bad(path, 'there is no PEM certificate in it', `openssl x509 -inform der -in ${path} makes PEM of a DER file`)
  const certificates = blocks.map((block, at) => readCertificate(path, block, at + 1))
  const current = certificates.filter(({ validFromDate, validToDate }) => validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime())
  if (current.length === 0) throw outdated(path, certificates[0]!, nowMs)
  return { authorities: current.map((certificate) => certificate.toString()), outdated: certificates.length - current.length }
}

function refuseForeignFile(path: string): void {
  const { uid, mode } = statOf(path)
  const ownUid = process.getuid?.()
  if (ownUid === undefined) return // no users of this kind here
  const hint = `chown root ${path} && chmod 644 ${path}`
  if (uid !== 0 && uid !== ownUid) throw new HardshellError('tls.unsafe-ca-bundle', `tls.ca_bundle: ${path} belongs to another user (uid ${uid})`, { hint })
  if ((mode & 0o022) !== 0) throw new HardshellError('tls.unsafe-ca-bundle', `tls.ca_bundle: ${path} can be changed by its group or by everybody`, { hint })
}

function statOf(path: string): { uid: number; mode: number } {
  try {
    return statSync(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function readCertificate(path: string, block: string, number: number): X509Certificate {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(block)
  } catch {
    throw bad(path, `certificate ${number} in it is damaged`, `openssl storeutl -noout -text ${path}`)
  }
  // A server's certificate that signed itself vouches for that server and nobody else, which may be meant.
  if (certificate.ca || certificate.issuer === certificate.subject) return certificate
  throw bad(path, `certificate ${number} in it, ${nameOf(certificate)}, is not an authority's`, 'put in the certificate of the authority that issued it')
}

function outdated(path: string, certificate: X509Certificate, nowMs: number): HardshellError {
  const { validFromDate, validToDate } = certificate
  const over = validToDate.getTime() < nowMs
  const when = over ? `expired on ${dayOf(validToDate)}` : `is not valid before ${dayOf(validFromDate)}`
  return bad(path, `${nameOf(certificate)} ${when}`, over ? 'get the current certificate of that authority' : 'date: is the clock of this machine right?')
}

function nameOf({ subject }: X509Certificate): string {
  return JSON.stringify(subject.replaceAll('\n', ', ').slice(0, 100))
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function unreadable(path: string, error: unknown): HardshellError {
  if (isNodeError(error, 'ENOENT')) return bad(path, 'there is no such file', `ls -l ${path}`)
  return bad(path, `it cannot be read (${isNodeError(error) ? error.code : 'unknown reason'})`, `ls -l ${path}`)
}

function bad(path: string, why: string, hint: string): HardshellError {
  return new HardshellError('tls.bad-ca-bundle', `tls.ca_bundle: ${path}: ${why}`, { hint })
}
