/**
 * The configuration of the product: a directory of YAML files, read whole, checked whole, handed out with every
 * default filled in. It is composed from each room's `settings.ts`; this room knows which file a key lives in, where
 * a mistake stands, and how to say so. It promises three things: all mistakes of all files come back in one pass,
 * reading never throws on what somebody wrote, and no message ever shows a value that could be a secret.
 *
 * Two sides: `findConfig`, `loadConfig`, `requireConfig`, `checkConfig` and `references` read; `schemaFor`,
 * `generatedSchemas` and `settingsReference` describe what may be written.
 */
export { findConfig, type FoundConfig, type WhereToLook } from './find.ts'
export { configDisk, type ConfigDisk, type ConfigFile, type ConfigFolder } from './disk.ts'
export { defaultConfig, loadConfig, requireConfig, type LoadedConfig } from './load.ts'
export { unreachedBy, type Unreached } from './undelivered.ts'
export { checkConfig, type ConfigReport, type NotEnforced, type ResolveSecret } from './check.ts'
export { references, type Reference } from './references.ts'
export { formatProblem, type Problem, type ProblemCode } from './problem.ts'
export { configFileNames, type Config, type ConfigFileName } from './sections.ts'
export { generatedSchemas, schemaFor } from './json-schema.ts'
export { notEnforcedSettings, settingsReference } from './settings-reference.ts'
export { configErrors, type ConfigErrorCode } from './errors.ts'
