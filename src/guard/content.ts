import { createHmac, randomBytes } from 'node:crypto'
import type { Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import {
  checkBoundary,
  compileBlocked,
  createCanaryWatch,
  createKnownValues,
  detectInjection,
  exfiltrationFinder,
  findSecrets,
  injectionThresholds,
  pendingSecretLength,
  piiFinder,
  redactSecrets,
  type CanaryWatch,
  type KnownValues,
  type SealedCanary,
} from '../content/index.ts'
import type { AnswerFinder, InputText, InputVerdict, ModelContent } from '../proxy/model/index.ts'

/** What texts on the model path are held against, in a guard. */
export interface GuardContent {
  model: ModelContent
  /** For the log and for everybody else who writes text down: secrets by shape, and the ones this guard knows. */
  redact(text: string): string
  /** Values that must be recognised though no shape gives them away; replaces those told before. */
  know(values: readonly Secret[]): void
}

export interface GuardContentOptions extends Pick<Config, 'content'> {
  /** Whoever says one of these is cut off. */
  canaries: readonly SealedCanary[]
  /** Marker of the block that system prompts must carry; `null`: none is put there. */
  boundaryMarker: string | null
}

export function createGuardContent({ content, canaries, boundaryMarker }: GuardContentOptions): GuardContent {
  const key = randomBytes(32) // nothing outlives the process
  let known: KnownValues | null = null
  let version = 0
  const redact = (text: string): string => redactSecrets(text, known)
  const secrets = {
    redactSecrets: redact,
    findSecrets: (text: string) => findSecrets(text, known),
    pendingSecretLength: (text: string) => pendingSecretLength(text, known),
    secretsVersion: () => version,
  }
  return {
    redact,
    know(values) {
      const worth = values.map((value) => value.reveal().trim()).filter((value) => value.length >= leastKnown && value.length <= mostKnown)
      known = createKnownValues([...new Set(worth)], (text) => createHmac('sha256', key).update(text).digest('base64'))
      version++
    },
    model: {
      ...(content.redact_secrets ? secrets : untouched),
      ...(screens(content, boundaryMarker) && { screenInput: inputScreen(content, boundaryMarker) }),
      answerFinders: answerFinders(content, createCanaryWatch(canaries)),
    },
  }
}

// Shorter ones stand in ordinary text by chance, longer ones are files: see createKnownValues.
const [leastKnown, mostKnown] = [12, 8192]

// What an operator gets who switched redaction off; the log is redacted all the same.
const untouched = { redactSecrets: (text: string) => text, findSecrets: () => [], pendingSecretLength: () => 0 }

type Content = Config['content']

function screens({ input }: Content, boundaryMarker: string | null): boolean {
  return boundaryMarker !== null || input.injection !== 'off' || input.blocked_patterns.length > 0
}

// Longer texts are files. Whoever hides an instruction puts it where it is read first or last.
const screenedChars = 100_000

function inputScreen({ input }: Content, boundaryMarker: string | null): (text: InputText) => InputVerdict {
  const blockedIn = compileBlocked(input.blocked_patterns)
  return ({ channel, text }) => {
    if (channel === 'system') return { signals: boundaryMarker === null ? [] : drift(text, boundaryMarker) } // the operator's own, and OpenClaw's
    const looked = text.length <= screenedChars ? text : `${text.slice(0, screenedChars / 2)}\n${text.slice(-screenedChars / 2)}`
    const blocked = blockedIn(looked)
    if (blocked) return { signals: ['blocked-pattern'], block: { rule: 'content.blocked-pattern', reason: 'a text in this request matches content.input.blocked_patterns' } }
    if (input.injection === 'off') return { signals: [] }
    const { score, signals } = detectInjection(looked, { channel })
    if (score < injectionThresholds.flag) return { signals: [] }
    const ids = [...new Set(signals.map(({ id }) => id)), ...(score >= injectionThresholds.block ? [surely] : [])]
    if (input.injection === 'log' || score < injectionThresholds.block) return { signals: ids }
    return { signals: ids, block: { rule: surely, reason: `a text from ${channel === 'user' ? 'a message' : 'a tool'} reads like an order to the model (content.input.injection)` } }
  }
}

/** OpenClaw's small side jobs (titles, summaries) have prompts of their own, without the block: noted, not refused. */
function drift(systemText: string, marker: string): string[] {
  const state = checkBoundary(systemText, { marker })
  return state === 'intact' ? [] : [`boundary.${state}`]
}

const surely = 'content.injection'

function answerFinders({ output }: Content, canaries: CanaryWatch): AnswerFinder[] {
  const finders: AnswerFinder[] = []
  if (output.pii === 'redact') finders.push({ ...piiFinder({ regions: output.pii_regions }), exceptArguments: true })
  if (output.exfiltration === 'redact') finders.push({ ...exfiltrationFinder({ allowedHosts: output.allowed_hosts }), exceptArguments: true })
  if (output.cut_at_canary) finders.push(canaryFinder(canaries))
  return finders
}

const cut = { rule: 'content.canary', reason: 'the answer holds a canary: something was read that nobody has business reading' }

// As far as the watch lets letters stand apart. A stream keeps 512 to 1,024 units of what was shown; a canary that is
// spread wider than that is seen in whole answers only.
const canaryContext = 4096

function canaryFinder(canaries: CanaryWatch): AnswerFinder {
  return {
    // Nothing is held back for it: the beginning of a canary tells nobody anything.
    pending: () => 0,
    find(text, from = 0) {
      const start = Math.max(0, from - canaryContext)
      return canaries.find(start === 0 ? text : text.slice(start)).map((hit) => ({ type: 'canary', start: hit.start + start, end: hit.end + start, cut }))
    },
  }
}
