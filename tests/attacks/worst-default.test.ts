import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat } from '../journeys/chat.ts'
import { ensureProven, statusOf } from '../journeys/installation.ts'
import { entryThat, isProbe, logLength } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { until } from '../journeys/wait.ts'
import { asGateway } from './as-gateway.ts'
import { knownToGateway } from './gateway-config.ts'
import { startStockOpenClaw, type StockOpenClaw } from './stock-openclaw.ts'
import { becomeOperator, operatorProgram, otherWaysToTheToken, readTheToken, tokenIn, withoutRestrictions } from './worst-default.ts'

describe('the worst default of a stock OpenClaw', () => {
  let stock: StockOpenClaw
  beforeAll(async () => void (stock = await startStockOpenClaw()))
  afterAll(async () => await stock.stop())

  it('lets an agent read the gateway token and become operator with it', async () => {
    const token = tokenIn(await stock.chat(readTheToken(stock.configFile).prompt))
    expect(token, 'the agent tells the token').not.toBeNull()
    const answer = await stock.chat(becomeOperator(process.execPath, stock.url, token!).prompt)
    expect(answer).toContain('OPERATOR operator.admin')
    expect(answer).toContain('CHANGED logging.redactPatterns')
    expect(readFileSync(stock.configFile, 'utf8')).toContain('redactPatterns')
  })
})

describe('the same attack on a guarded OpenClaw', () => {
  const shared = sharedInstallation()
  const configFile = join(shared.state, 'openclaw/config/openclaw.json')
  beforeAll(async () => void (await ensureProven(shared)))

  it.each([readTheToken(configFile), ...otherWaysToTheToken(configFile)])('stops at: $title', async ({ prompt }) => {
    const since = logLength(shared.log)
    const { text } = await chat(shared, prompt)
    expect(tokenIn(text), text).toBeNull()
    expect(text).not.toContain(knownToGateway(shared).gatewayToken)
    expect(text).toMatch(/TOOL_RESULT<<.*(Hardshell|not (found|available|allowed)|denied|unknown tool|disabled)/is)
    await entryThat(shared.log, since, (e) => e.agent_id === 'main' && !isProbe(e) && ['tool_call', 'model_request'].includes(e.event_type))
  })

  it("is stopped by our own decision where OpenClaw's own list was taken away, and every call is in the log as a denial", async () => {
    const whole = readFileSync(configFile, 'utf8')
    try {
      writeFileSync(configFile, withoutRestrictions(whole))
      await settled()
      for (const { title, prompt } of [readTheToken(configFile), ...otherWaysToTheToken(configFile)]) {
        const since = logLength(shared.log)
        const { text } = await chat(shared, prompt)
        expect(text, title).not.toContain(knownToGateway(shared).gatewayToken)
        expect(text, title).toMatch(/Hardshell: tool (exec|read) is on the deny list/)
        const entry = await entryThat(shared.log, since, (e) => e.event_type === 'tool_call' && e.decision === 'deny' && !isProbe(e))
        expect(entry).toMatchObject({ agent_id: 'main', tool: expect.stringMatching(/^(exec|read)$/), rule: 'tools.deny' })
      }
    } finally {
      writeFileSync(configFile, whole)
      await settled()
    }
  })

  it('gains nothing at the front door with the token, had it leaked by another way', async () => {
    const since = logLength(shared.log)
    const { gatewayToken } = knownToGateway(shared)
    const ended = await asGateway(shared, operatorProgram, [`ws://127.0.0.1:${shared.ports.ingress}/`, gatewayToken])
    expect(ended.out).toContain('REFUSED')
    expect(ended.out).not.toContain('OPERATOR')
    await entryThat(shared.log, since, (e) => e.decision === 'deny' && e.rule === 'ingress.bad-credential')
  })

  it('cannot change the configuration even with the token and a shell as the gateway itself', async () => {
    const before = readFileSync(configFile, 'utf8')
    const { gatewayToken } = knownToGateway(shared)
    const ended = await asGateway(shared, operatorProgram, [`ws://127.0.0.1:${shared.ports.gateway}/`, gatewayToken])
    expect(ended.out).not.toContain('CHANGED')
    expect(readFileSync(configFile, 'utf8')).toBe(before)
    expect(await ensureProven(shared)).toMatchObject({ ok: true })
  })

  /** Waits until the guard has seen the change and has proven everything anew. */
  async function settled(): Promise<void> {
    await until('the guard to notice', 20_000, async () => (await statusOf(shared))?.ok === false)
    await ensureProven(shared)
  }
})
