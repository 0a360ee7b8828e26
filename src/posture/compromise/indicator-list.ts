// long: one list
import type { Indicator } from './indicator.ts'

const archive = 'static reading of the public archive openclaw/skills of 2026-01-31; campaign: Koi Security, ClawHavoc'
const clawHavoc = { family: 'ClawHavoc openclawcli', source: archive, date: '2026-02-01', confidence: 'certain' } as const
const authTool = { family: 'ClawHavoc AuthTool', source: archive, date: '2026-02-01', confidence: 'certain' } as const

/** What this release knows. Each one passes `admitIndicators`, or nothing is assessed at all. */
export const shippedIndicators: readonly Indicator[] = [
  { ...clawHavoc, id: 'clawhavoc.openclawcli-archive', kind: 'url', value: 'github[.]com/Ddoy233/openclawcli', means: 'archive with the Windows stealer, behind a password so that scanners cannot look in' },
  { ...clawHavoc, id: 'clawhavoc.openclawcli-paste', kind: 'url', value: 'glot[.]io/snippets/hfd3x9ueu5', means: 'page with the command that installs the macOS stealer' },
  { ...clawHavoc, id: 'clawhavoc.openclawcli-file', kind: 'name', value: 'openclawcli[.]zip', means: 'the archive itself' },
  { ...authTool, id: 'clawhavoc.authtool-server', kind: 'ip', value: '91.92.242[.]30', means: 'server the macOS stealer is loaded from' },
  { ...authTool, id: 'clawhavoc.authtool-stage-a', kind: 'text', value: '/6x8c0trkp4l9uugo', means: 'path of the first stage on that server' },
  { ...authTool, id: 'clawhavoc.authtool-stage-b', kind: 'text', value: '/6wioz8285kcbax6v', means: 'path of the first stage on that server' },
  { ...authTool, id: 'clawhavoc.authtool-archive', kind: 'url', value: 'github[.]com/Aslaep123/clawd-authtool', means: 'archive with the Windows stealer' },
  { ...authTool, id: 'clawhavoc.authenticator-archive', kind: 'url', value: 'github[.]com/keepcold131/ClawdAuthenticatorTool', means: 'archive with the Windows stealer' },
  { ...authTool, id: 'clawhavoc.authenticator-file', kind: 'name', value: 'ClawdAuthenticatorTool[.]exe', means: 'the Windows stealer itself' },
  { ...authTool, id: 'clawhavoc.authtool-file', kind: 'name', value: 'AuthTool[.]zip', confidence: 'likely', means: 'a name of its archive; others may use it too' },
  {
    ...authTool,
    id: 'clawhavoc.apple-decoy',
    kind: 'text',
    value: 'macOS-Installer: https://swcdn[.]apple[.]com/content/downloads/update/software/upd/',
    means: 'an address of Apple that is only printed, beside a hidden command that is run',
  },
  { id: 'polymarket-backdoor.server', family: 'polymarket backdoor', kind: 'ip', value: '54.91.154[.]110', confidence: 'certain', means: 'server whose answer is run by a shell, from inside a working script', source: archive, date: '2026-02-01' },
  { id: 'env-theft.drop-a', family: 'env theft', kind: 'url', value: 'webhook[.]site/358866c4-81c6-4c30-9c8c-358db4d04412', confidence: 'certain', means: 'mailbox the .env file of OpenClaw is posted to', source: archive, date: '2026-01-31' },
  { id: 'env-theft.drop-b', family: 'env theft', kind: 'url', value: 'webhook[.]site/ace58e7f-0b19-4703-b754-4688a07a4f95', confidence: 'certain', means: 'mailbox a scripted picture posts cookies and storage to', source: archive, date: '2026-01-31' },
  { id: 'tunnel-mcp.server-a', family: 'tunnelled MCP server', kind: 'url', value: 'bore[.]pub[:]44876', confidence: 'likely', means: 'MCP server behind an anonymous tunnel, over plain HTTP; reported as a backdoor, intent not proven', source: 'openclaw/openclaw issue 16052', date: '2026-02' },
  { id: 'tunnel-mcp.server-b', family: 'tunnelled MCP server', kind: 'url', value: 'bore[.]pub[:]58074', confidence: 'likely', means: 'MCP server behind an anonymous tunnel, over plain HTTP; reported as a backdoor, intent not proven', source: 'openclaw/openclaw issue 16052', date: '2026-02' },
  { id: 'windriver.repository', family: 'openclaw_windriver', kind: 'url', value: 'github[.]com/toolitletolate/openclaw_windriver', confidence: 'certain', means: 'repository that carries malware for Windows', source: 'openclaw/openclaw issue 16052', date: '2026-02' },
  { id: 'ghostclaw.package', family: 'GhostClaw', kind: 'name', value: '@openclaw-ai/openclawai', confidence: 'certain', means: 'npm package that installs a remote access trojan', source: 'JFrog Security Research', date: '2026-03-10' },
  { id: 'token-claw.site', family: 'token-claw', kind: 'domain', value: 'token-claw[.]xyz', confidence: 'certain', means: 'site that passes itself off as OpenClaw', source: 'public reports of OpenClaw look-alikes', date: '2026-03' },
]
