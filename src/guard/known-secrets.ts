import { notificationSecrets } from '../alerts/index.ts'
import type { Secret } from '../base/index.ts'
import { sealCanary } from '../content/index.ts'
import { boundaryOf } from './boundary.ts'
import { canariesName, readCanaries } from './canaries.ts'
import { createGuardContent, type GuardContent } from './content.ts'
import { proofCanaryName } from './own-keys.ts'
import type { WireInput } from './wire.ts'

/** What looks at contents, with everything of this installation it must not let through. */
export async function openContent(input: WireInput): Promise<GuardContent> {
  const { config, keys, secrets } = input
  const content = createGuardContent({
    content: config.content,
    canaries: [sealCanary('proof', keys.canary.reveal()), ...(await readCanaries(secrets.local))],
    boundary: boundaryOf(keys.marker),
  })
  await knowSecrets(content, input)
  return content
}

/** Everything this installation holds that must not be shown: our own keys, and whatever is in a store we can list. */
export async function knowSecrets(content: GuardContent, { config, keys, providerKeys, apiTokens, secrets }: WireInput): Promise<void> {
  const { device: _device, canary: _canary, gateway, ...own } = keys
  const stored: (Secret | undefined)[] = []
  for (const store of secrets.stores) {
    // A store that cannot be listed now (it is away, or lets nobody list) has its values known as far as they are in use.
    // Canaries are there to be said and noticed: taken out of a prompt, nobody would hear of them.
    const names = (await store.list().catch(() => [])).map(({ name }) => name).filter((name) => name !== proofCanaryName && name !== canariesName)
    for (const name of names) stored.push((await secrets.find(name).catch(() => null))?.secret)
  }
  for (const name of notificationSecrets(config.notifications)) stored.push((await secrets.find(name).catch(() => null))?.secret)
  content.know([gateway.current, ...Object.values(own), ...providerKeys.values(), ...apiTokens.map(({ secret }) => secret), ...stored.filter((secret) => secret !== undefined)])
}
