import { Secret, systemRandom, writeFileAtomic } from '../base/index.ts'
import { mintCanary } from '../content/index.ts'
import { digestToken, generateToken, type TokenEntry } from '../identity/index.ts'
import { createDeviceIdentity, type DeviceIdentity } from '../proxy/ingress/index.ts'
import { createGatewayToken, gatewayTokenName, type GatewayToken } from './gateway-token.ts'
import type { StatePaths } from './paths.ts'

/** Keys the guard makes for itself, once per installation, and keeps encrypted. */
export interface OwnKeys {
  /** Logs the operator in at the front door. */
  operator: Secret
  /** Known to the gateway, and presented by whoever of us speaks with it. */
  gateway: GatewayToken
  /** What OpenClaw holds instead of provider keys. */
  virtual: Secret
  /** The probe agent's, free of charge. */
  probe: Secret
  /** The budget proof's: an agent that may spend nothing. */
  budgetProbe: Secret
  /** Makes the marks around untrusted text, which nobody else may be able to write. */
  marker: Secret
  /** Planted by the proof that canaries end an answer. */
  canary: Secret
  /** Credentials of the egress proxy are derived from it. */
  egress: Secret
  device: DeviceIdentity
}

export const proofCanaryName = 'HARDSHELL_PROOF_CANARY'

/** The guard's own drawer for secrets. */
export interface Drawer {
  get(name: string): Promise<Secret | null>
  put(name: string, value: Secret): Promise<void>
}

/** Reads them, or makes them on the first start. The operator's token also lies in a file of its own, 0600, to be read. */
export async function ownKeys(drawer: Drawer, paths: StatePaths): Promise<OwnKeys> {
  const token = async (name: string, kind: 'tok' | 'vk'): Promise<Secret> => await keep(drawer, name, () => generateToken(kind))
  const operator = await token('HARDSHELL_OPERATOR_TOKEN', 'tok')
  await writeFileAtomic(paths.operatorToken, `${operator.reveal()}\n`)
  const device = await keep(drawer, 'HARDSHELL_DEVICE', () => new Secret(writeDevice(createDeviceIdentity())))
  return {
    operator,
    gateway: createGatewayToken(await token(gatewayTokenName, 'tok')),
    virtual: await token('HARDSHELL_VIRTUAL_KEY', 'vk'),
    probe: await token('HARDSHELL_PROBE_KEY', 'vk'),
    budgetProbe: await token('HARDSHELL_BUDGET_PROBE_KEY', 'vk'),
    canary: await keep(drawer, proofCanaryName, () => new Secret(mintCanary(systemRandom))),
    marker: await token('HARDSHELL_MARKER_KEY', 'tok'),
    egress: await token('HARDSHELL_EGRESS_KEY', 'tok'),
    device: readDevice(device),
  }
}

function writeDevice({ privateKeyPem, publicKey }: DeviceIdentity): string {
  return JSON.stringify({ privateKeyPem: privateKeyPem.reveal(), publicKey })
}

function readDevice(stored: Secret): DeviceIdentity {
  const { privateKeyPem, publicKey } = JSON.parse(stored.reveal()) as { privateKeyPem: string; publicKey: string }
  return { privateKeyPem: new Secret(privateKeyPem), publicKey }
}

async function keep(drawer: Drawer, name: string, make: () => Secret): Promise<Secret> {
  const known = await drawer.get(name)
  if (known) return known
  const made = make()
  await drawer.put(name, made)
  return made
}

/** An entry of the token book for a secret. */
export function tokenEntry(name: string, permissions: readonly string[], secret: Secret): TokenEntry {
  return { name, permissions, sha256: digestToken(secret) }
}
