import { HardshellError } from '../base/index.ts'
import { bridgeToBe, containerNetwork, containerRules, engineFor, networkStands } from './container-network.ts'
import type { Confinement, IsolationMode } from './confinement.ts'
import type { IsolationPorts } from './ports.ts'
import { rulesetFor } from './rules.ts'
import { makeSteps, type Step } from './steps.ts'

interface Made {
  mode: IsolationMode
  confinement: Confinement
}

/** Makes what is no table. A network of containers that stands is left alone: somebody may be on it. @throws HardshellError `host.command-failed` */
export async function makeRoom({ mode, confinement, steps }: Made & { steps: readonly Step[] }, ports: IsolationPorts): Promise<void> {
  if (mode === 'container' && (await networkStands(confinement, ports))) return
  await makeSteps(steps, ports)
}

/**
 * Puts the rules of a mode in force, in one transaction; nothing where it has none. After `makeRoom`, which gives a network its bridge.
 * @param expiresAfterS see `rulesetFor`
 * @throws HardshellError `host.command-failed`, `isolation.verification-failed` when the network is not there
 */
export async function loadRules(made: Made, expiresAfterS: number | null, ports: IsolationPorts): Promise<void> {
  const rules = await rulesNow(made, expiresAfterS, ports)
  if (rules !== null) await ports.nft.load(rules)
}

/** The rules as they would be loaded now, or `null`: the mode has none. @throws HardshellError `isolation.verification-failed` */
export async function rulesNow({ mode, confinement }: Made, expiresAfterS: number | null, ports: Pick<IsolationPorts, 'run'>): Promise<string | null> {
  if (mode === 'nftables') return rulesetFor(confinement, expiresAfterS)
  if (mode !== 'container') return null
  const network = await containerNetwork(confinement, ports)
  if (network === null) throw new HardshellError('isolation.verification-failed', `there is no container network ${confinement.name}`, { hint: 'hardshell isolate apply --mode container' })
  return containerRules(confinement, network.bridge, expiresAfterS)
}

/** The same for a plan, before there is anything. */
export async function rulesToBe({ mode, confinement }: Made, ports: Pick<IsolationPorts, 'run'>): Promise<string | null> {
  const engine = engineFor(confinement)
  if (mode !== 'container') return await rulesNow({ mode, confinement }, null, ports)
  if (engine === null) return null
  const network = await containerNetwork(confinement, ports)
  return containerRules(confinement, network?.bridge ?? bridgeToBe(confinement, engine), null)
}
