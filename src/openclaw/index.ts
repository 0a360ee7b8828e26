/**
 * The real OpenClaw as we know it: where its program is, what its configuration has to say to be ours, how its
 * gateway is asked. Configuration text is spliced, never reprinted: comments and order are the operator's.
 * What is written here was seen with the pinned version; an upgrade proves itself again before it is trusted.
 */
export { applyChanges, readJson5, valueAt, type Change } from './json5-edit.ts'
export {
  overlayApis,
  planOverlay,
  pluginId,
  probeModel,
  probeProvider,
  type OverlayApi,
  type OverlayFacts,
  type OverlayProvider,
  type OverlaySettings,
} from './overlay.ts'
export { openclawEnvironment, type OpenClawPlaces } from './environment.ts'
export { hiddenSettings } from './hidden-settings.ts'
export { sandboxOverlay, sandboxUsers, type OverlaySandbox } from './overlay-sandbox.ts'
export { locateOpenClaw, pinnedOpenClaw, type OpenClaw, type SearchPlaces } from './locate.ts'
export { connectGateway, type GatewayRpc } from './rpc.ts'
export { readSecurityAudit, type SecurityAudit } from './security-audit.ts'
export { settingLines } from './setting-line.ts'
export { readSessionKey, type SessionKeyFacts } from './session-key.ts'
export { openclawErrors } from './errors.ts'
