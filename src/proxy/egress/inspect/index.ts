/**
 * A look inside TLS for the hosts the operator chose. The proxy answers such a connection itself, with a certificate
 * of the authority of this installation, reads every request, and carries on to the origin with its own verified TLS.
 *
 * It promises: a request leaves only when its host, its method, every reading of its path, its headers and its unpacked
 * body were looked at; what two readers could frame differently is refused (`http1`); an agent never holds a credential
 * listed here, only a sentinel that is good for one header towards one host; a sentinel anywhere else is an alert; the
 * real value does not come back. The authority's key stays in the guard's own folder, and vouches for the listed names
 * only.
 *
 * It does not see into archives, encrypted files or other protocols: WebSockets are refused here, HTTP/2 is not offered.
 */
export { openInspection, type Inspection } from './inspection.ts'
export { readAuthority } from './authority.ts'
export type { InspectContent, InspectionOptions, InspectionPorts } from './ports.ts'
export type { InspectSetting } from './settings.ts'
