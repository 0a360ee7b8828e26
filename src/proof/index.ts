/**
 * Proof that enforcement is alive. Every few minutes, and after every change of gateway, version or configuration,
 * each surface is sent an action it must refuse, through the path an attacker would take, and the refusal is looked
 * for where it must be: in the answer and in the audit log. Nothing is green because it was configured. A surface
 * that is red, or whose proof has grown old, closes the agents' paths until it is proven again.
 */
export { createPulse, type Pulse, type PulseOptions, type PulsePorts } from './pulse.ts'
export type { SurfaceProof } from './surface-states.ts'
export { broken, held, type Proof, type Surface } from './surface.ts'
export { auditLogSurface } from './surfaces/audit-log.ts'
export { budgetSurface } from './surfaces/budget.ts'
export { canarySurface } from './surfaces/canary.ts'
export { cellsSurface, type NeighborTargets } from './surfaces/cells.ts'
export { dnsSurface } from './surfaces/dns.ts'
export { egressSurface } from './surfaces/egress.ts'
export { ingressSurface } from './surfaces/ingress.ts'
export { kernelSurface, type ForbiddenServices } from './surfaces/kernel.ts'
export { modelKeySurface } from './surfaces/model-key.ts'
export { redactionSurface } from './surfaces/redaction.ts'
export { containerSurface, sandboxAttempts, sandboxSurface, type SandboxAttempt } from './surfaces/sandbox.ts'
export { toolCallSurface } from './surfaces/tool-call.ts'
export { vpnSurface } from './surfaces/vpn.ts'
export { probeAnswer, type ProbeRequest } from './probe-model.ts'
export type { FindEntry, HttpReply, RunAsGateway, SendHttp } from './ports.ts'
