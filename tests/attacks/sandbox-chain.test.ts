import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat } from '../journeys/chat.ts'
import { ensureProven, newInstallation, removeInstallation, type Installation } from '../journeys/installation.ts'
import { knownToGateway } from './gateway-config.ts'
import { startStockOpenClaw, type StockOpenClaw } from './stock-openclaw.ts'
import { becomeOperator, readTheToken, tokenIn, type Step } from './worst-default.ts'

// The worst default again, with everything a guard's settings can open opened: no deny list, no question asked. Only
// the sandbox is left.
const opened = `tools:
  profile: full
  deny: []
  exec: {security: full, ask: "off"}
  fs: {workspaceOnly: false}
`

describe('a shell of the agent on a stock OpenClaw', () => {
  let stock: StockOpenClaw
  beforeAll(async () => void (stock = await startStockOpenClaw()), 200_000)
  afterAll(async () => await stock.stop())

  it('reads the token of the gateway and becomes operator with it', async () => {
    const token = tokenIn(await stock.chat(readTheToken(stock.configFile).prompt))
    expect(token).not.toBeNull()
    expect(await stock.chat(becomeOperator(process.execPath, stock.url, token!).prompt)).toContain('OPERATOR operator.admin')
  })
})

describe('a shell of the agent in the sandbox', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await newInstallation('chain', opened)
    await ensureProven(installation, 300_000)
  }, 320_000)
  afterAll(async () => await removeInstallation(installation))

  const say = async ({ prompt }: Step): Promise<string> => (await chat(installation, prompt)).text

  it('runs, and finds no token: the file of the gateway is not there', async () => {
    const text = await say(readTheToken(join(installation.state, 'openclaw/config/openclaw.json')))
    expect(text).toContain('TOOL_RESULT<<')
    expect(text).toContain('No such file or directory')
    expect(tokenIn(text)).toBeNull()
  })

  it('finds it with no other tool and nowhere else', async () => {
    const { gatewayToken, virtualKey } = knownToGateway(installation)
    const looking = [
      'cat /proc/*/environ /proc/*/cmdline 2>/dev/null | strings | head -c 1000',
      'grep -rls token / --include=openclaw.json 2>/dev/null; echo looked',
      'find / -name "openclaw*" -not -path "/proc/*" -not -path "/usr/*" -not -path "/workspaces/*" 2>/dev/null; echo looked',
      'env; ls -la /run /tmp; cat /run/hardshell/programs/*.pl | head -c 300',
    ]
    for (const command of looking) {
      const text = await say({ title: command, prompt: `TOOL:exec ${JSON.stringify({ command })}` })
      // OpenClaw's own PATH names folders of its state: names, of which nothing is there.
      for (const secret of [gatewayToken, virtualKey]) expect(text, command).not.toContain(secret)
      expect(text, command).not.toContain('openclaw.json')
    }
    for (const path of [join(installation.state, 'openclaw/config/openclaw.json'), '/proc/self/environ', '/etc/shadow']) {
      const text = await say({ title: path, prompt: `TOOL:read ${JSON.stringify({ path })}` })
      expect(text, path).toMatch(/escapes|error/)
    }
  })

  it('does not reach the gateway even with the token in hand', async () => {
    const { gatewayToken } = knownToGateway(installation)
    const python = `import socket; socket.create_connection(("127.0.0.1", ${installation.ports.gateway}), 3); print("CON" + "NECTED")`
    const text = await say({ title: 'connect', prompt: `TOOL:exec ${JSON.stringify({ command: `python3 -c '${python}' # ${gatewayToken.length}` })}` })
    expect(text).toContain('Connection refused')
    expect(text).not.toContain('CONNECTED')
  })
})
