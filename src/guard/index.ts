/**
 * The guard itself: it connects the rooms (`wire.ts`, the one file that knows everyone), brings them and OpenClaw up
 * in an order in which nothing is ever unguarded (`start.ts`), keeps the gateway running, and takes everything down
 * again. It promises that no gateway outlives it, that agents have a way out and a model only while every surface is
 * proven, and that whatever it changed in an installation can be put back byte for byte (`adoption.ts`).
 */
export { applyAdoption, planAdoption, undoAdoption, type AdoptionPlan } from './adoption.ts'
export { verifyCredentials, type CredentialHealth } from './credentials.ts'
export { guardErrors } from './errors.ts'
export { statePaths, stateRoot, type StatePaths } from './paths.ts'
export { openSecrets } from './secrets.ts'
export { serveAlone, type ServeOptions, type Served } from './serve.ts'
export { startGuard, type Guard, type StartOptions, type StartPorts } from './start.ts'
