/** As `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment for a child process: only what is named. This is the one to use; what nobody thought of stays out.
 * @param allow names, or beginnings with a star (`LC_*`). A star never lets a credential through; a full name does,
 *   for it was meant.
 */
export function childEnvironment(env: Environment, allow: readonly string[]): Record<string, string> {
  const names = new Set(allow.filter((name) => !name.endsWith('*')))
  const beginnings = allow.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  return pick(
    env,
    (name, value) =>
      names.has(name) ||
      (beginnings.some((beginning) => name.startsWith(beginning)) && !looksLikeCredential(name, value)),
  )
}

/**
 * A copy without whatever looks like a credential, by name or by value, for children whose needs are not known.
 * It is a net with holes: a password in a variable called `GREETING` passes.
 */
export function scrubEnvironment(env: Environment): Record<string, string> {
  return pick(env, (name, value) => !looksLikeCredential(name, value))
}

/** True when the name is one for credentials or the value has the shape of one. */
export function looksLikeCredential(name: string, value: string): boolean {
  return credentialName.test(name) || credentialFamily.test(name) || credentialValue.test(value)
}

// What a name ends with, or contains, when it holds a credential. Keys need a `_` before them, or MONKEY would be one.
// `SSH_AUTH_SOCK` is no secret but signs with them; `MYSQL_PWD` is MySQL's password.
const credentialName = new RegExp(
  [
    '(?:PASSWORD|PASSWD|PASSPHRASE|SECRETS?|TOKENS?)$',
    '(?:^|_)(?:KEYS?|PASS|CREDENTIALS?|CREDS|PAT|COOKIE|AUTH|DSN)$',
    'API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_|_TOKEN_',
    '^SSH_AUTH_SOCK$|^MYSQL_PWD$',
  ].join('|'),
  'i',
)

// Whole families: their region is harmless, but where one is set the others follow, and a child has no business there.
const credentialFamily = /^(?:AWS|AZURE|ARM|GOOGLE|GCP|GCLOUD|CLOUDSDK|VAULT|OP|INFISICAL|DOPPLER)_/i

// Shapes from the providers' documentation: Anthropic, OpenAI, OpenRouter (sk-), Google, GitHub, GitLab, Slack, AWS,
// Groq, xAI, Perplexity, Hugging Face, Replicate, npm, Stripe, Telegram, ours; key blocks, JWTs, passwords in URLs.
const credentialValue = new RegExp(
  [
    String.raw`\bsk-[\w-]{16,}`,
    String.raw`\bAIza[\w-]{30,}`,
    String.raw`\bgh[pousr]_\w{20,}`,
    String.raw`\bgithub_pat_\w{20,}`,
    String.raw`\bglpat-[\w-]{16,}`,
    String.raw`\bxox[abeoprs]-[\w-]{10,}`,
    String.raw`\bxapp-[\w-]{10,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    String.raw`\bgsk_\w{20,}`,
    String.raw`\bxai-\w{20,}`,
    String.raw`\bpplx-\w{20,}`,
    String.raw`\bhf_\w{20,}`,
    String.raw`\br8_\w{20,}`,
    String.raw`\bnpm_\w{30,}`,
    String.raw`\b[rs]k_(?:live|test)_\w{16,}`,
    String.raw`\b\d{8,10}:[\w-]{35}\b`,
    String.raw`\bhs_(?:tok|vk)_[\w-]{40,}`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY`,
    String.raw`\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.`,
    String.raw`[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@`,
  ].join('|'),
)

function pick(env: Environment, wanted: (name: string, value: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && wanted(name, value)) picked[name] = value
  }
  return picked
}
