import type { Answer, Call, Surroundings } from './call.ts'

const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/startupz'])

/** The three questions a load balancer asks without a login. */
export function isHealth({ client, method, path }: Call): boolean {
  return client.kind === 'http' && (method === 'GET' || method === 'HEAD') && healthPaths.has(path)
}

// Probes commonly give up after a few seconds; a later answer is for nobody.
const healthTimeoutMs = 5000

/** The gateway's status and one word: its own answer tells versions and inner state to whoever asks. */
export async function answerHealth({ path }: Call, { gateway }: Surroundings): Promise<Answer> {
  const status = await askGateway(path, gateway)
  const text = status < 400 ? 'ok\n' : 'unavailable\n'
  return { status, rule: 'ingress.health', reason: text.trim(), body: { type: 'text/plain', text }, welcome: true }
}

async function askGateway(path: string, gateway: Surroundings['gateway']): Promise<number> {
  try {
    const { statusCode, body } = await gateway.request({
      method: 'GET',
      path,
      signal: AbortSignal.timeout(healthTimeoutMs),
    })
    await body.dump()
    return statusCode
  } catch {
    return 502
  }
}
