/**
 * The front door. A reverse proxy before the gateway: everything people, webhooks and programs say to OpenClaw comes
 * through `steps.ts`, one array in order, and leaves one closing entry.
 *
 * It promises: without a login only three health questions pass; the gateway's own token is known to nobody but the
 * gateway and this room; no header a client sends can pretend to be a proxy, an identity or a scope; a WebSocket gets
 * at most the gateway scopes its permissions stand for; the decision is on disk before the gateway hears of it.
 */
export { createIngress } from './ingress.ts'
export { createDeviceIdentity } from './device.ts'
export { grants, type Permission } from './permissions.ts'
export { errors as ingressErrors } from './errors.ts'
export type { DeviceIdentity } from './device.ts'
export type { Ingress, IngressConnection, IngressOptions, IngressPorts, IngressRequest } from './ingress.ts'
