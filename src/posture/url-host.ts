import { isLoopback, isPublicAddress, normaliseHost } from '../base/index.ts'

/** The host of an address in a setting, one spelling for all of them; `null` when it is no address. */
export function hostIn(url: string): string | null {
  return URL.canParse(url) ? normaliseHost(new URL(url).hostname) : null
}

/** True for names and addresses nobody but this machine has. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)
}

/** True for what lies in a network of one's own: private and link-local addresses, names without a public ending. */
export function isPrivate(host: string): boolean {
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':')
  return isAddress ? !isPublicAddress(host) : !host.includes('.') || /\.(?:local|internal|lan|home\.arpa)$/.test(host)
}
