/** A mistake in a configuration file, with its place. `message` never shows a value that could be a secret. */
export interface Problem {
  code: ProblemCode
  /** Path of the file, directory included. */
  file: string
  /** From 1; what is wrong with a whole file stands on line 1, column 1. */
  line: number
  column: number
  /** Dotted path: `api.auth.tokens[0].value`; empty when the mistake is not about one key. */
  key: string
  message: string
  /** What was probably meant: a full dotted path, an allowed value or a file name. */
  nearest?: string
}

export type ProblemCode =
  | 'config.unreadable'
  | 'config.unsafe-mode'
  | 'config.unsafe-owner'
  | 'config.unknown-file'
  | 'config.syntax'
  | 'config.typographic-quote'
  | 'config.not-a-map'
  | 'config.alias'
  | 'config.duplicate-key'
  | 'config.wrong-file'
  | 'config.unknown-key'
  | 'config.missing-key'
  | 'config.wrong-type'
  | 'config.wrong-value'
  | 'config.out-of-range'
  | 'config.bad-reference'
  | 'config.plaintext-secret'
  | 'config.no-destination'

/** A place in a tree of settings: names of keys and positions in lists, from the root. */
export type Path = readonly (string | number)[]

/** `api.auth.tokens[0].value`, the way people and messages name a setting. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** `config.yaml:3:5: key: message`, the form compilers use, so that editors and terminals can jump there. */
export function formatProblem(problem: Problem): string {
  const about = problem.key === '' ? '' : `${problem.key}: `
  return `${problem.file}:${problem.line}:${problem.column}: ${about}${problem.message}`
}
