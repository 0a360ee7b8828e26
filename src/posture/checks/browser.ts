import cdpOverTls from './browser/cdp-over-tls.ts'
import cdpUrlValid from './browser/cdp-url-valid.ts'
import chromeSandboxed from './browser/chrome-sandboxed.ts'
import noLegacyRelayAuth from './browser/no-legacy-relay-auth.ts'
import noOwnCookies from './browser/no-own-cookies.ts'
import noPrivateCdp from './browser/no-private-cdp.ts'
import noPrivateNetwork from './browser/no-private-network.ts'

export const browser = [cdpOverTls, cdpUrlValid, chromeSandboxed, noLegacyRelayAuth, noOwnCookies, noPrivateCdp, noPrivateNetwork]
