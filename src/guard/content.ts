import { createHmac, randomBytes } from 'node:crypto'
import type { Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import {
  createCanaryWatch,
  createKnownValues,
  exfiltrationFinder,
  findSecrets,
  htmlFinder,
  pendingSecretLength,
  redactSecrets,
  watchPii,
  type CanaryWatch,
  type KnownValues,
  type PiiWatch,
  type SealedCanary,
} from '../content/index.ts'
import type { AnswerFinder, ModelContent } from '../proxy/model/index.ts'
import type { Boundary } from './boundary.ts'
import { createInputScreen, type InputScreen } from './content-input.ts'
import { inspectContent } from './inspect-content.ts'
import type { InspectContent } from '../proxy/egress/index.ts'

/** What texts on the model path are held against, in a guard. */
export interface GuardContent {
  model: ModelContent
  /** What inspected connections are held against. */
  inspect: InspectContent
  /** What somebody wrote to an agent, before there is a request to a model. */
  judgeMessage: InputScreen['judgeMessage']
  /** For the log and for everybody else who writes text down: secrets by shape, and the ones this guard knows. */
  redact(text: string): string
  /** Values that must be recognised though no shape gives them away; replaces those told before. */
  know(values: readonly Secret[]): void
}

export interface GuardContentOptions extends Pick<Config, 'content'> {
  /** Whoever says one of these is cut off. */
  canaries: readonly SealedCanary[]
  /** The block that system prompts must carry; `null`: none is put there. */
  boundary: Boundary | null
}

export function createGuardContent({ content, canaries, boundary }: GuardContentOptions): GuardContent {
  const key = randomBytes(32) // nothing outlives the process
  let known: KnownValues | null = null
  let version = 0
  const redact = (text: string): string => redactSecrets(text, known)
  const secrets = {
    redactSecrets: redact,
    findSecrets: (text: string) => findSecrets(text, known),
    pendingSecretLength: (text: string) => pendingSecretLength(text, known),
    secretsVersion: () => version,
    findKnown: (text: string) => (known?.endingIn(text, 0) ?? []).map(({ start, end }) => ({ type: 'known-value', start, end })),
    pendingKnownLength: (text: string) => text.length - (known?.begunIn(text) ?? text.length),
  }
  const screen = createInputScreen(content, boundary)
  const watch = createCanaryWatch(canaries)
  return {
    redact,
    inspect: inspectContent(() => known, watch),
    judgeMessage: (text, channel) => screen.judgeMessage(text, channel),
    know(values) {
      const worth = values.map((value) => value.reveal().trim()).filter((value) => value.length >= leastKnown && value.length <= mostKnown)
      known = createKnownValues([...new Set(worth)], (text) => createHmac('sha256', key).update(text).digest('base64'))
      version++
    },
    model: {
      ...(content.redact_secrets ? secrets : untouched),
      screenInput: (text) => screen.judge(text),
      ...(screen.marksFor && { marksFor: screen.marksFor }),
      refusesDrift: content.boundary_drift === 'refuse',
      answerFinders: answerFinders(content, watch),
    },
  }
}

// Shorter ones stand in ordinary text by chance, longer ones are files: see createKnownValues.
const [leastKnown, mostKnown] = [12, 8192]

// What an operator gets who switched redaction off; the log is redacted all the same.
const untouched = { redactSecrets: (text: string) => text, findSecrets: () => [], pendingSecretLength: () => 0 }

type Content = Config['content']

function answerFinders({ output }: Content, canaries: CanaryWatch): AnswerFinder[] {
  const finders: AnswerFinder[] = []
  const pii = watchPii({ all: output.pii, types: output.pii_types, regions: output.pii_regions })
  if (pii) finders.push(answerPii(pii))
  if (output.exfiltration === 'redact') finders.push({ ...exfiltrationFinder({ allowedHosts: output.allowed_hosts }), exceptArguments: true })
  if (output.html === 'redact') finders.push({ ...htmlFinder(output.allowed_tags), exceptArguments: true })
  if (output.cut_at_canary) finders.push(canaryFinder(canaries))
  return finders
}

/** What a person asked for may be full of his own: found where something is said, not in what a tool is asked for. */
function answerPii(pii: PiiWatch): AnswerFinder {
  const reason = 'the answer holds personal data that may not be shown (content.output.pii)'
  return {
    exceptArguments: true,
    tells: true,
    pending: (text) => pii.pending(text),
    find: (text, from) =>
      pii.find(text, from).map(({ type, start, end, treatment }) => {
        if (treatment === 'log') return { type: `pii.${type}`, start, end, isNote: true }
        return { type, start, end, ...(treatment === 'refuse' && { cut: { rule: 'content.pii', reason } }) }
      }),
  }
}

const cut = { rule: 'content.canary', reason: 'the answer holds a canary: something was read that nobody has business reading' }

// As far as the watch lets letters stand apart. A stream keeps 512 to 1,024 units of what was shown; a canary that is
// spread wider than that is seen in whole answers only.
const canaryContext = 4096

function canaryFinder(canaries: CanaryWatch): AnswerFinder {
  return {
    endsAnswers: true,
    // Nothing is held back for it: the beginning of a canary tells nobody anything.
    pending: () => 0,
    find(text, from = 0) {
      const start = Math.max(0, from - canaryContext)
      return canaries.find(start === 0 ? text : text.slice(start)).map((hit) => ({ type: 'canary', start: hit.start + start, end: hit.end + start, cut }))
    },
  }
}
