/**
 * How others speak with the guard. The control socket is the operator's: whoever can open it is the operator, so it
 * lies where only the guard's user gets. The plugin's socket is another one and answers only the plugin's questions.
 */
export { askGuard } from './client.ts'
export {
  controlRoutes,
  type AuditCounts,
  type ControlRoute,
  type PluginAnswer,
  type PluginNotice,
  type PluginQuestion,
  type Status,
  type SurfaceState,
} from './contract.ts'
export { controlErrors } from './errors.ts'
export { servePlugin, type PluginHandlers } from './plugin-line.ts'
export { serveControl, type Closable, type ControlHandlers } from './server.ts'
