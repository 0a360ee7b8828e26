/**
 * What texts carry: secrets to be taken out, markup and invisible characters to be stripped, patterns to be refused,
 * tasks to be held against their schema. The room is pure: it decides and rewrites, it reads no file and no clock.
 *
 * It promises linear time on hostile text, offsets in UTF-16 units of the text it was given, and the same answer
 * for a stream as for the whole text, however the stream was cut.
 */
export { ValidationError, contentErrors, type ContentErrorCode, type ValidationRule } from './errors.ts'
export { findSecrets, pendingSecretLength, redactSecrets, secretPatterns } from './secrets/find.ts'
export { createStreamRedactor, type Redacted, type StreamRedactor } from './secrets/stream.ts'
export type { Finding } from './secrets/detect.ts'
export type { SecretPattern } from './secrets/pattern.ts'
export {
  InputValidator,
  createInputValidator,
  type InputValidatorOptions,
  type Removal,
  type ValidatedInput,
} from './input/validator.ts'
export { OutputSanitizer, type OutputSanitizerOptions } from './output/sanitizer.ts'
export { taskSchema, validateTask, type JsonSchema } from './task/validate-task.ts'
