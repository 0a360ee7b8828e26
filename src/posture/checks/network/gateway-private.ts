import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.gateway-private',
  title: 'the ports of OpenClaw are not reachable from outside',
  severity: 'high',
  why: 'whoever reaches them needs one token for a shell; scanners look for these ports by name',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  // The kernel keeps 15 characters of a name: "openclaw-gatewa".
  programs: /^(openclaw|clawdbot|moltbot)/,
  ports: { 18789: 'the gateway', 18790: 'MCP apps or the bridge', 18791: 'browser control', 18793: 'the canvas host' },
})
