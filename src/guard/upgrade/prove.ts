import type { Status } from '../../control/index.ts'
import { startGuard, type StartOptions, type StartPorts } from '../start.ts'

// What is red is tried again every fifteen seconds; a surface has a minute. A slow machine is no reason to go back.
const patienceMs = 60_000
const pauseMs = 3000

/**
 * Brings everything up with this OpenClaw and attacks every surface through the real paths, our plugin's hooks among
 * them: whether they are registered shows nothing, whether they are called does.
 * @returns why it does not hold, `null` when it does
 * @throws whatever a start throws: the gateway did not become ready, say
 */
export async function proveWith(packageRoot: string, options: StartOptions, ports: StartPorts): Promise<string | null> {
  const guard = await startGuard({ ...options, openclaw: packageRoot }, ports)
  try {
    for (const until = performance.now() + patienceMs; ; ) {
      const status = await guard.status()
      if (status.ok) return null
      if (performance.now() > until || ports.interrupted.aborted) return whyNot(status)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  } finally {
    await guard.stop()
  }
}

function whyNot({ gateway, surfaces }: Status): string {
  const red = surfaces.filter(({ ok }) => !ok).map(({ id, detail }) => `${id}: ${detail}`)
  return [...(gateway.state === 'ready' ? [] : [`the gateway is ${gateway.state}`]), ...red].join('; ')
}
