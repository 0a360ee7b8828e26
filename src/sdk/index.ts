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
  createStreamRedactor,
  findSecrets,
  redactSecrets,
  taskSchema,
  validateTask,
  type Finding,
  type InputValidatorOptions,
  type JsonSchema,
  type OutputSanitizerOptions,
  type Redacted,
  type Removal,
  type StreamRedactor,
  type ValidatedInput,
  type ValidationRule,
} from '../content/index.ts'
export { Agent, type AgentOptions } from './agent.ts'
export { sdkErrors, type SdkErrorCode } from './errors.ts'
