/**
 * Hardshell as a library: ask an agent through the guard, and use on your own texts the very code the proxies use.
 *
 * `import { Agent, InputValidator, OutputSanitizer, ValidationError, redactSecrets, validateTask } from 'hardshell'`
 *
 * What it promises: nothing here prints, retries or reads anything before it is asked to; every failure is a
 * `HardshellError` with a code and a hint, every refused text a `ValidationError`.
 */
export { HardshellError } from '../base/index.ts'
export {
  InputValidator,
  OutputSanitizer,
  ValidationError,
  createCanaryWatch,
  createInspector,
  createOutputScreen,
  createPiiRedactor,
  createStreamRedactor,
  delimitUntrusted,
  detectInjection,
  findExfiltration,
  findPii,
  findSecrets,
  injectionThresholds,
  loadPhonePlans,
  markerFor,
  mintCanary,
  mintFakeKey,
  redactExfiltration,
  redactPii,
  redactSecrets,
  screenOutput,
  sealCanary,
  type CanaryHit,
  type CanaryWatch,
  type Channel,
  type Delimited,
  type ExfiltrationFinding,
  type ExfiltrationOptions,
  type Finding,
  type InjectionVerdict,
  type InputValidatorOptions,
  type Inspected,
  type InspectorOptions,
  type OutputFinding,
  type OutputSanitizerOptions,
  type OutputScreen,
  type OutputScreenOptions,
  type PiiFinding,
  type PiiOptions,
  type Redacted,
  type Removal,
  type ScreenedOutput,
  type SealedCanary,
  type StreamRedactor,
  type ValidatedInput,
  type ValidationRule,
} from '../content/index.ts'
export { taskSchema, validateTask, type JsonSchema } from '../content/task/index.ts'
export { Agent, type AgentOptions } from './agent.ts'
export { sdkErrors, type SdkErrorCode } from './errors.ts'
