import { formatListen, type Listen } from '../base/index.ts'
import type { OverlayFacts } from '../openclaw/index.ts'
import { boundaryOf } from './boundary.ts'
import type { WireInput } from './wire.ts'

type Needed = Pick<WireInput, 'paths' | 'keys' | 'providers' | 'config'> & { gateway: { port: number } }

/** What the overlay needs to know, once everybody listens. */
export function overlayFacts({ paths, keys, gateway, providers, config }: Needed, at: Record<'model' | 'egress', Listen>): OverlayFacts {
  const { tools, session } = config
  return {
    gatewayPort: gateway.port,
    gatewayToken: keys.gateway.current,
    modelProxyUrl: `http://${formatListen(at.model)}`,
    virtualKey: keys.virtual,
    probeKey: keys.probe,
    egressProxyUrl: `http://${formatListen(at.egress)}`,
    pluginPath: paths.plugin,
    pluginSocket: paths.pluginSocket,
    secretProvider: null,
    boundary: boundaryOf(keys.marker).block,
    logFile: paths.gatewayLog,
    defaultProviders: providers.forOpenClaw,
    workspace: paths.openclawWorkspace,
    settings: {
      dmScope: session.dmScope,
      profile: tools.profile,
      deny: tools.deny,
      workspaceOnly: tools.fs.workspaceOnly,
      exec: tools.exec,
      elevated: tools.elevated.enabled,
    },
  }
}
