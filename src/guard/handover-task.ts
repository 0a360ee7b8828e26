import type { Closable } from '../control/index.ts'
import { connectGateway } from '../openclaw/index.ts'
import type { Plan } from './prepare.ts'
import { ourFolder } from './our-folder.ts'
import { placeResolver, serveHandover, type HandoverProvider, type HandoverWindow } from './secret-handover.ts'
import type { Wired } from './wire.ts'

/** Hands secrets to OpenClaw while it starts or reloads, and at no other time. */
export interface HandoverTask extends Closable {
  /** What openclaw.json has to name; `null`: no secret is listed in `secrets.openclaw`. */
  provider: HandoverProvider | null
  /** The gateway starts: nothing an agent could use is up. */
  begin(): void
  /** The gateway is ready: from now on agents can act. */
  end(): void
  /** Has the gateway ask again, with the agents' paths closed meanwhile. @throws HardshellError `openclaw.rpc-failed` */
  reload(): Promise<void>
}

const closed = 'agents can act: secrets are handed to OpenClaw only while it starts, or by: hardshell secrets reload'

export async function createHandoverTask({ input, programs }: Plan, wired: Wired): Promise<HandoverTask> {
  const { paths, config, user, gateway, keys } = input
  let opening = 0
  let window: HandoverWindow = { closed }
  const begin = (): void => void (window = { open: ++opening })
  const end = (): void => void (window = { closed })
  const none = { provider: null, begin, end, reload: async () => {}, close: async () => {} }
  if (config.secrets.openclaw.length === 0) return none

  const served = await serveHandover(paths, config, user, { audit: wired.log, find: (name) => input.secrets.get(name), window: () => window })
  const provider = await placeResolver(paths, { plugin: ourFolder('plugin'), node: programs.node, owner: user })
  return {
    provider,
    begin,
    end,
    close: () => served.close(),
    async reload() {
      wired.pulse.forget('secrets are handed to OpenClaw anew')
      // What is remembered of a store is what was there before. One that does not answer now is told of by the look in
      // the window, and OpenClaw keeps what it has.
      for (const name of config.secrets.openclaw) await input.secrets.refresh(name).catch(() => undefined)
      await wired.knowAgain() // before OpenClaw has them, and with it whoever it shows them to
      begin()
      try {
        const rpc = await connectGateway(`ws://127.0.0.1:${gateway.port}`, await keys.gateway.settled(), 5000)
        await rpc.call('secrets.reload', {}, 30_000).finally(() => rpc.close())
      } finally {
        end()
        await wired.pulse.prove()
      }
    },
  }
}
