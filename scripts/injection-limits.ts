import { suspicionOf } from '../src/content/injection/detect.ts'
import type { Limits } from '../src/content/injection/trained.ts'
import type { Sample } from './injection-corpus.ts'
import { learn } from './injection-learn.ts'

/** `chat` judges what users write, `content` what tools and documents hold. */
export type Group = 'chat' | 'content'

export function groupOf({ channel }: Pick<Sample, 'channel'>): Group {
  return channel === 'user' ? 'chat' : 'content'
}

/** What a model learns from. A document pasted into a chat is no attack; a jailbreak inside a document is one. */
export function forModel(samples: readonly Sample[], group: Group): Sample[] {
  if (group === 'chat') return samples.filter(({ label, channel }) => label === 0 || channel === 'user')
  return samples.filter(isContent).flatMap((sample) => {
    // The attack without the document around it: the document is not to be learnt as an attack.
    return sample.injected === undefined ? [sample] : [{ ...sample, text: sample.injected }]
  })
}

// Chat that harmlessly asks for something would be an instruction inside a document: it teaches nothing there. The
// harmless parts of these three sets are questions and documents.
const documentLike = ['agt_smoke', 'deepset', 'piguard_valid']

function isContent({ label, channel, set }: Sample): boolean {
  return label === 1 || channel !== 'user' || documentLike.includes(set)
}

/**
 * How many harmless texts may be flagged and blocked, on average over the sets. Of what tools bring back an agent reads
 * hundreds of texts for every message of a person, so fewer of them may be called an attack.
 */
const shares: Record<Group, Limits> = {
  chat: { flag: 0.02, block: 0.002 },
  content: { flag: 0.004, block: 0.0005 },
}

/**
 * The limits at which so many harmless texts of sets the model has never seen are flagged and blocked: each set is
 * judged by a model trained without it. On sets it knows it does better, and would be trusted too much. Texts about
 * injection are left out: they are reported apart.
 */
export function limitsOf(samples: readonly Sample[], group: Group): Limits {
  const seen = samples.filter(({ part }) => part !== 'held-out')
  const harmless = seen.filter((sample) => sample.label === 0 && groupOf(sample) === group && sample.kind !== 'doc_about_injection')
  const sets = [...new Set(harmless.map(({ set }) => set))].map((left) => {
    const model = learn(forModel(seen.filter(({ set, part }) => set !== left && part === 'train'), group))
    return harmless.filter(({ set }) => set === left).map(({ text, channel }) => suspicionOf(text, channel, model))
  })
  return { flag: limitFor(sets, shares[group].flag), block: limitFor(sets, shares[group].block) }
}

/** The lowest limit that at most this share of harmless texts reaches, on average over the sets. */
function limitFor(sets: readonly (readonly number[])[], share: number): number {
  const reach = (limit: number): number => sets.reduce((sum, set) => sum + set.filter((logit) => logit >= limit).length / set.length, 0) / sets.length
  let limit = -3
  while (reach(limit) > share) limit += 0.05
  return Math.round(limit * 100) / 100
}
