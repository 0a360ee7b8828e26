import { formatListen, type Listen } from '../base/index.ts'
import type { OverlayFacts, OverlaySandbox } from '../openclaw/index.ts'
import { boundaryOf } from './boundary.ts'
import { gatewayProxyUrl } from './egress.ts'
import { containedTools } from './sandbox.ts'
import type { WireInput } from './wire.ts'

type Needed = Pick<WireInput, 'paths' | 'keys' | 'providers' | 'config'> & { gateway: { port: number } }

/** What the overlay needs to know, once everybody listens. */
export function overlayFacts({ paths, keys, gateway, providers, config }: Needed, at: Record<'model' | 'egress', Listen>, sandbox: { overlay: OverlaySandbox; missing: boolean }): OverlayFacts {
  const { tools, session } = config
  return {
    gatewayPort: gateway.port,
    gatewayToken: keys.gateway.current,
    modelProxyUrl: `http://${formatListen(at.model)}`,
    virtualKey: keys.virtual,
    probeKey: keys.probe,
    egressProxyUrl: gatewayProxyUrl({ keys, config }, at.egress),
    pluginPath: paths.plugin,
    pluginSocket: paths.pluginSocket,
    secretProvider: null,
    boundary: boundaryOf(keys.marker).block,
    logFile: paths.gatewayLog,
    defaultProviders: providers.forOpenClaw,
    workspace: paths.openclawWorkspace,
    sandbox: sandbox.overlay,
    settings: {
      dmScope: session.dmScope,
      profile: tools.profile,
      deny: sandbox.missing ? [...new Set([...tools.deny, ...containedTools])] : tools.deny,
      workspaceOnly: tools.fs.workspaceOnly,
      exec: tools.exec,
      elevated: tools.elevated.enabled,
    },
  }
}
