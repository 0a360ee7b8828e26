import { Secret, systemRandom, type Random } from '../base/index.ts'
import { mintCanary, mintFakeKey, sealCanary, type FakeKeyKind, type SealedCanary } from '../content/index.ts'
import type { Drawer } from './own-keys.ts'

// One text in the local store: the name an operator gave each, and what is watched for.
export const canariesName = 'HARDSHELL_CANARIES'

/** Canaries of the operator, by where they were put. They are no secrets, but a list of them would tell which to avoid. */
export async function readCanaries(drawer: Drawer): Promise<SealedCanary[]> {
  const words = await readWords(drawer)
  return Object.entries(words).map(([place, word]) => sealCanary(place, word))
}

/**
 * Makes a canary for a place and keeps it. A place has one: the old one is no longer watched for.
 * @param kind a fake key of that provider instead of words
 */
export async function makeCanary(drawer: Drawer, { place, kind }: { place: string; kind: FakeKeyKind | null }, random: Random = systemRandom): Promise<string> {
  const word = kind === null ? mintCanary(random) : mintFakeKey(kind, random)
  const words = { ...(await readWords(drawer)), [place]: word }
  await drawer.put(canariesName, new Secret(JSON.stringify(words)))
  return word
}

export async function canaryPlaces(drawer: Drawer): Promise<string[]> {
  return Object.keys(await readWords(drawer)).toSorted()
}

async function readWords(drawer: Drawer): Promise<Record<string, string>> {
  const kept = await drawer.get(canariesName)
  return kept ? (JSON.parse(kept.reveal()) as Record<string, string>) : {}
}
