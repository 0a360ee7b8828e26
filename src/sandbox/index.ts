/**
 * Where the tools of agents run: not as the gateway's user, but each agent as a user of its own, in namespaces of its
 * own, with no capabilities, a system call filter, Landlock, limits, its own files and nothing else to write, and no
 * network but, where a rule says so, the egress proxy. OpenClaw reaches it as what it takes for `ssh`.
 *
 * The room promises: there is no half sandbox. What was switched on and does not come on ends the call.
 */
export { sandboxSettings, type SandboxSettings } from './settings.ts'
export { sandboxErrors } from './errors.ts'
export { openSandbox, type Sandbox, type SandboxOptions, type SandboxPorts } from './open.ts'
export { collectCall, type Call } from './call.ts'
export { serveSandbox, type ServedSandbox } from './serve.ts'
export { describeLayers, type Layers } from './layers.ts'
export { defaultCell } from './request.ts'
export { shellWord } from './plan.ts'
export { verifySandbox, type Surroundings } from './verify-sandbox.ts'
export { verifyContainers, type ContainerEngine } from './containers.ts'
export { inside, userRange } from './cell.ts'
export { tryEscapes, type EscapeAttempt, type EscapeTargets, type RunInside } from './verify.ts'
