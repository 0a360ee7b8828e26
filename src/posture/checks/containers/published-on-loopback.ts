import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.published-on-loopback',
  title: 'ports of the container are published on loopback only',
  severity: 'high',
  why: 'Docker publishes past ufw: the gateway is on the internet though the firewall says no',
  source: 'Docker docs, Packet filtering and firewalls; OpenClaw docs, gateway/security/network-exposure',
  of: 'OpenClaw',
  wrong: ({ ports }) => publicPort(ports),
  want: '127.0.0.1:PORT:PORT, with a front door before it',
  mended: ({ ports }) => ({ ports: Array.isArray(ports) ? ports.map(onLoopback) : ports }),
  good: ['ports:', '  - "127.0.0.1:18789:18789"'],
  bad: { short: ['ports:', '  - 18789:18789'], variable: ['ports:', '  - "${OPENCLAW_GATEWAY_PORT:-18789}:18789"', '  - "127.0.0.1:18790:18790"'], everywhere: ['ports: ["0.0.0.0:18789:18789"]'], long: ['ports:', '  - target: 18789', '    published: 18789'] },
})

function publicPort(ports: unknown): string | null {
  if (!Array.isArray(ports)) return null
  const found = ports.find((port) => !isLocal(port))
  return found === undefined ? null : `published for everybody: ${typeof found === 'object' && found !== null ? String((found as { published?: unknown }).published) : String(found)}`
}

/** `[address:]port:port[/protocol]` or its long form; a port alone gets an address and a number by chance. */
function isLocal(port: unknown): boolean {
  if (typeof port === 'object' && port !== null) return isLoopback(String((port as { host_ip?: unknown }).host_ip ?? ''))
  const { address } = parts(String(port))
  return address !== null && (isLoopback(address) || address.startsWith('$'))
}

function isLoopback(address: string): boolean {
  return /^(127\.|localhost$|\[?::1\]?$)/.test(address)
}

function onLoopback(port: unknown): unknown {
  if (isLocal(port)) return port
  if (typeof port === 'object' && port !== null) return { ...port, host_ip: '127.0.0.1' }
  return `127.0.0.1:${parts(String(port)).rest}`
}

// A variable may hold colons of its own: ${PORT:-18789}.
function parts(port: string): { address: string | null; rest: string } {
  const pieces = port.match(/(\$\{[^}]*\}|\[[^\]]*\]|[^:])+/g) ?? []
  return pieces.length > 2 ? { address: pieces[0]!, rest: pieces.slice(1).join(':') } : { address: null, rest: pieces.length === 1 ? `:${port}` : port }
}
