import type { CanaryHit, CanaryWatch } from '../canary/watch.ts'
import { createPiiRedactor, findPii, piiFinder, type PiiFinding, type PiiOptions } from '../pii/find.ts'
import { findSecrets, pendingSecretLength, redactSecrets } from '../secrets/find.ts'
import type { KnownValues } from '../secrets/known.ts'
import { createStreamRedactor } from '../secrets/stream.ts'
import {
  exfiltrationFinder,
  findExfiltration,
  type ExfiltrationFinding,
  type ExfiltrationOptions,
} from './exfiltration/find.ts'
import { markOf, replaceSpans, withoutOverlaps, type Finder, type Span } from './spans.ts'
import { createSpanStream } from './stream.ts'

/** What is done with something that is found: nothing looked for, told, or told and taken out. */
export type Treatment = 'off' | 'log' | 'redact'

export interface OutputScreenOptions extends PiiOptions, ExfiltrationOptions {
  /** Personal data. Default `log`: answers to people are full of their own. */
  pii?: Treatment
  /** Addresses that carry something out when the answer is shown. Default `redact`. */
  exfiltration?: Treatment
  /** Secrets no shape gives away, from `createKnownValues`. */
  known?: KnownValues
  /** Whoever says one of these is cut off. Default none. */
  canaries?: CanaryWatch
}

/** Something an answer held. It tells what, never the value. */
export type OutputFinding =
  | { kind: 'secret'; type: string }
  | { kind: 'personal-data'; type: string; certainty: PiiFinding['certainty'] }
  | { kind: 'exfiltration'; type: string; reason: ExfiltrationFinding['reason']; host: string }
  | { kind: 'canary'; id: string; form: CanaryHit['form'] }

export interface ScreenedOutput {
  text: string
  findings: OutputFinding[]
  /** A canary was seen: nothing behind `text` may be shown, and what made it should be stopped. */
  cut: boolean
}

/** What stands at the end of an answer that was cut. */
export const cutMark = '[REDACTED_CANARY]'

/**
 * Takes out of an answer what must not be shown: secrets, and as told personal data and addresses that carry
 * something out. With a canary in it, it ends where the canary begins.
 */
export function screenOutput(text: string, options: OutputScreenOptions = {}): ScreenedOutput {
  const [hit] = options.canaries?.find(text) ?? []
  const screened = screenWhole(hit ? text.slice(0, hit.start) : text, options)
  if (!hit) return screened
  return { text: screened.text + cutMark, findings: [...screened.findings, canaryFinding(hit)], cut: true }
}

function screenWhole(text: string, options: OutputScreenOptions): ScreenedOutput {
  const { pii, exfiltration } = treatments(options)
  const known = options.known ?? null
  const secrets = findSecrets(text, known).map(secretFinding)
  const open = redactSecrets(text, known)
  const personal = pii === 'off' ? [] : findPii(open, options)
  const nameless = pii === 'redact' ? replaceSpans(open, personal, ({ type }) => markOf(type)) : open
  const leaving = exfiltration === 'off' ? [] : findExfiltration(nameless, options)
  return {
    text: exfiltration === 'redact' ? replaceSpans(nameless, leaving, ({ type }) => markOf(type)) : nameless,
    findings: [...secrets, ...personal.map(personalFinding), ...leaving.map(leavingFinding)],
    cut: false,
  }
}

/** Something to be taken out of an answer. */
export interface OutputSpan extends Span {
  /** As in `[REDACTED_<TYPE>]`. */
  type: string
}

/**
 * All that is to be redacted, over a sliding window: for whoever rewrites the pieces of an answer in their own frames.
 * Secrets are always in it, personal data and addresses when their treatment is `redact`. Canaries are not: follow them
 * beside it.
 */
export function outputFinder(options: OutputScreenOptions = {}): Finder<OutputSpan> {
  const { pii, exfiltration } = treatments(options)
  const known = options.known ?? null
  const secrets: Finder<OutputSpan> = {
    find: (text) => findSecrets(text, known),
    pending: (text) => pendingSecretLength(text, known),
    lookBehind: 64,
  }
  const finders = [secrets]
  if (pii === 'redact') finders.push(piiFinder(options))
  // What an endless address goes on with is the window's to forget: `rest` is for streams of our own.
  if (exfiltration === 'redact') finders.push({ ...exfiltrationFinder(options), rest: () => null })
  return {
    find(text) {
      const found = finders.flatMap((finder) => finder.find(text)).map(({ type, start, end }) => ({ type, start, end }))
      return withoutOverlaps(found.sort((a, b) => a.start - b.start || b.end - a.end))
    },
    pending: (text) => Math.max(...finders.map((finder) => finder.pending(text))),
    lookBehind: Math.max(...finders.map((finder) => finder.lookBehind)),
  }
}

export interface OutputScreen {
  /** @returns what may be shown now. After a cut it is empty for good. */
  push(chunk: string): ScreenedOutput
  /** Hands out what was held back. The screen is used up then. */
  end(): ScreenedOutput
}

/**
 * Screens an answer that arrives in chunks. Without a canary all texts handed out, joined, equal `screenOutput` of the
 * whole, however it was cut; with one the answer ends with the chunk that completes it. At most some 16 KiB are held
 * back, in prose the last word.
 */
export function createOutputScreen(options: OutputScreenOptions = {}): OutputScreen {
  const follower = options.canaries?.follow()
  const steps = stepsOf(options)
  let cut = false

  const run = (chunk: string, last: boolean): ScreenedOutput => {
    if (cut) return { text: '', findings: [], cut }
    const [hit] = follower?.push(chunk) ?? []
    if (hit) {
      cut = true
      return { text: cutMark, findings: [canaryFinding(hit)], cut }
    }
    const screened: ScreenedOutput = { text: chunk, findings: [], cut }
    for (const step of steps) {
      const shown = step(screened.text, last)
      screened.text = shown.text
      screened.findings.push(...shown.findings)
    }
    return screened
  }
  return { push: (chunk) => run(chunk, false), end: () => run('', true) }
}

type Step = (chunk: string, last: boolean) => { text: string; findings: OutputFinding[] }

/** One behind the other, each with a hold-back of its own: an address is judged without the secret that was in it. */
function stepsOf(options: OutputScreenOptions): Step[] {
  const { pii, exfiltration } = treatments(options)
  const steps = [stepOver(createStreamRedactor(options.known ?? null), secretFinding)]
  if (pii === 'redact') steps.push(stepOver(createPiiRedactor(options), personalFinding))
  if (pii === 'log') steps.push(stepOver(createSpanStream(piiFinder(options), () => null), personalFinding))
  if (exfiltration !== 'off') {
    const taken = exfiltration === 'redact'
    const stream = createSpanStream(exfiltrationFinder(options), ({ type }) => (taken ? markOf(type) : null))
    steps.push(stepOver(stream, leavingFinding))
  }
  return steps
}

interface Redactor<Found> {
  push(chunk: string): { text: string; findings: Found[] }
  end(): { text: string; findings: Found[] }
}

function stepOver<Found>(redactor: Redactor<Found>, tell: (found: Found) => OutputFinding): Step {
  return (chunk, last) => {
    const pushed = redactor.push(chunk)
    const ended = last ? redactor.end() : { text: '', findings: [] }
    return { text: pushed.text + ended.text, findings: [...pushed.findings, ...ended.findings].map(tell) }
  }
}

function treatments(options: OutputScreenOptions): { pii: Treatment; exfiltration: Treatment } {
  return { pii: options.pii ?? 'log', exfiltration: options.exfiltration ?? 'redact' }
}

function canaryFinding({ id, form }: CanaryHit): OutputFinding {
  return { kind: 'canary', id, form }
}

function secretFinding({ type }: { type: string }): OutputFinding {
  return { kind: 'secret', type }
}

function personalFinding({ type, certainty }: PiiFinding): OutputFinding {
  return { kind: 'personal-data', type, certainty }
}

function leavingFinding({ type, reason, host }: ExfiltrationFinding): OutputFinding {
  return { kind: 'exfiltration', type, reason, host }
}
