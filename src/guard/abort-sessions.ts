import { connectGateway } from '../openclaw/index.ts'
import type { Plan } from './prepare.ts'

/** Ends running turns inside the gateway too. The guard's paths are closed already; this only spares OpenClaw the wait. */
export async function abortSessions({ input }: Pick<Plan, 'input'>, agentId: string | null): Promise<void> {
  try {
    const rpc = await connectGateway(`ws://127.0.0.1:${input.gateway.port}`, await input.keys.gateway.settled(), 3000)
    const { sessions } = (await rpc.call('sessions.list', {})) as { sessions: { key: string; agentId?: string; hasActiveRun?: boolean }[] }
    const running = sessions.filter((s) => s.hasActiveRun === true && (agentId === null || s.agentId === agentId))
    try {
      for (const { key } of running) await rpc.call('sessions.abort', { key, clearQueued: true })
    } finally {
      rpc.close()
    }
  } catch {
    // A gateway that does not answer has no turn that could get past the closed paths.
  }
}
