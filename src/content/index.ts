/**
 * What texts carry: secrets to be taken out, markup and invisible characters to be stripped, patterns to be refused,
 * tasks to be held against their schema. The room is pure: it decides and rewrites, it reads no file and no clock.
 *
 * It promises linear time on hostile text, offsets in UTF-16 units of the text it was given, and the same answer
 * for a stream as for the whole text, however the stream was cut.
 */
export { ValidationError, contentErrors, type ContentErrorCode, type ValidationRule } from './errors.ts'
export * from './secrets/index.ts'
export {
  InputValidator,
  createInputValidator,
  type InputValidatorOptions,
  type Removal,
  type ValidatedInput,
} from './input/validator.ts'
export {
  delimitUntrusted,
  markerFor,
  marksFor,
  withoutImitations,
  type Delimited,
  type MarkerDigest,
} from './input/delimit.ts'
export { judgeInput, judgeRead, type InputRules, type InputRuling, type InputTreatment } from './input/rules.ts'
export { compileBlocked, type Blocked } from './input/blocked.ts'
export { boundaryBlock, boundaryVersion, checkBoundary, withBoundary, type BoundaryState } from './input/boundary.ts'
export { seeThrough, unwrap, type Encoding, type Layer, type Place, type UnwrapBounds } from './encoding/index.ts'
export { channels, type Channel } from './injection/channel.ts'
export { detectInjection, injectionThresholds, type InjectionSignal, type InjectionVerdict } from './injection/detect.ts'
export { createInspector, type Inspected, type InspectorOptions, type Signal } from './inspect.ts'
export { htmlFinder, type HtmlFinding } from './output/html.ts'
export { OutputSanitizer, type OutputSanitizerOptions } from './output/sanitizer.ts'
export {
  createOutputScreen,
  cutMark,
  outputFinder,
  screenOutput,
  type OutputFinding,
  type OutputScreen,
  type OutputScreenOptions,
  type OutputSpan,
  type ScreenedOutput,
  type Treatment,
} from './output/screen.ts'
export {
  createExfiltrationRedactor,
  exfiltrationFinder,
  findExfiltration,
  pendingExfiltrationLength,
  redactExfiltration,
  type ExfiltrationFinding,
  type ExfiltrationOptions,
  type ExfiltrationReason,
} from './output/exfiltration/find.ts'
export { rememberText, type CopiedText } from './output/exfiltration/copied.ts'
export { markOf, replaceSpans, type Finder, type Span } from './output/spans.ts'
export { createSpanStream, type Shown, type SpanStream } from './output/stream.ts'
export {
  createPiiRedactor,
  findPii,
  pendingPiiLength,
  piiFinder,
  piiRecognizers,
  redactPii,
  type PiiFinding,
  type PiiOptions,
} from './pii/find.ts'
export { watchPii, type PiiRules, type PiiTreatment, type PiiWatch, type TreatedPii } from './pii/treatment.ts'
export { loadPhonePlans } from './pii/phone-plans.ts'
export type { Certainty, PhonePlans, Recognizer } from './pii/recognizer.ts'
export { mintCanary } from './canary/mint.ts'
export { mintFakeKey, type FakeKeyKind } from './canary/fake-key.ts'
export type { CanaryForm } from './canary/marks.ts'
export {
  createCanaryWatch,
  sealCanary,
  type CanaryDigest,
  type CanaryHit,
  type CanaryWatch,
  type SealedCanary,
} from './canary/watch.ts'
