import deviceAuth from './control-ui/device-auth.ts'
import embedsSandboxed from './control-ui/embeds-sandboxed.ts'
import noCustomPlugins from './control-ui/no-custom-plugins.ts'
import noExternalEmbeds from './control-ui/no-external-embeds.ts'
import noHostHeaderFallback from './control-ui/no-host-header-fallback.ts'
import noInsecureAuth from './control-ui/no-insecure-auth.ts'
import noWildcardOrigin from './control-ui/no-wildcard-origin.ts'
import originsListed from './control-ui/origins-listed.ts'

export const controlUi = [
  deviceAuth,
  embedsSandboxed,
  noCustomPlugins,
  noExternalEmbeds,
  noHostHeaderFallback,
  noInsecureAuth,
  noWildcardOrigin,
  originsListed,
]
