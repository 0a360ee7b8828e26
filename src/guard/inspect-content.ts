import { createStreamRedactor, detectInjection, findSecrets, injectionThresholds, redactSecrets, unwrap, type CanaryWatch, type KnownValues } from '../content/index.ts'
import type { InspectContent } from '../proxy/egress/index.ts'

/**
 * What texts on the way out and back are held against, inside inspected connections.
 * @param known asked anew each time: a rotated secret is known at once
 */
export function inspectContent(known: () => KnownValues | null, canaries: CanaryWatch): InspectContent {
  return {
    layers: (text) => [text, ...unwrap(text).map((layer) => layer.text)],
    secretsIn: (text) => findSecrets(text, known()).map(({ type }) => type),
    redact: (text) => redactSecrets(text, known()),
    holdsCanary: (text) => canaries.find(text).length > 0,
    answerRedactor() {
      const redactor = createStreamRedactor(known())
      return { push: (chunk) => redactor.push(chunk).text, end: () => redactor.end().text }
    },
    signalsIn(text) {
      const { score, signals } = detectInjection(text, { channel: 'tool_result' })
      return score < injectionThresholds.flag ? [] : [...new Set(signals.map(({ id }) => id))]
    },
  }
}
