import { parse, type AnyNode } from 'acorn'
import { findSecrets } from '../../content/secrets/index.ts'
import { inCommands, isTalk } from './hide-commands.ts'

/** A setting whose value nobody needs to see, in any of the spellings of configurations and environment files. */
const secretKey = /(token|secret|passw(or)?d|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|credential|authorization|cookie|signing|webhook[_-]?url|^key$|^auth$|^pw$|_key$|Key$)/i
// Of such keys those that count something: `maxTokens`, `tokensPerRequest`, `tokenTtlMs`. Only a bare number is shown there.
const quantity = /^(max|min|num)[A-Z_-]|[tT]okens(?![a-z])|TOKENS|([a-z]|_)([Cc]ount|[Ll]imit|[Ll]ength|[Mm]s|[Ss]econds|[Mm]inutes|[Hh]ours|[Dd]ays|[Bb]ytes|[Ss]ize|[Bb]udget|[Aa]ttempts|[Tt]tl|TTL|LIMIT|COUNT)$/
// Parts of a reference to a secret: names of places, which a person wants to read.
// `lastUsedCommand` of OpenClaw's approvals: what somebody typed, keys and all.
const typed = /^(lastUsed)?command(Line|Text)?$/i
const references = new Set(['source', 'provider', 'id', 'mode', 'profile', 'name', 'enabled', 'type'])
const hidden = '[redacted]'

interface Span {
  start: number
  end: number
}

/**
 * A text for the eye: what findSecrets knows, values under keys that sound like secrets, and for JSON5 everything
 * below such a key and below `env` and `headers`, is `[redacted]`; of what people typed or said no line is shown. As many
 * lines as the text had. Pure.
 */
export function hideSecrets(path: string, text: string): string {
  if (isTalk(path)) return text.replaceAll(/[^\n]+/g, '[not shown]')
  const spans = [...findSecrets(text), ...inAddresses(text), ...inCommands(text), ...(/\.json5?$/.test(path) ? inJson(text) : inLines(path, text))].sort((a, b) => a.start - b.start || b.end - a.end)
  let out = ''
  let at = 0
  for (const { start, end } of spans) {
    if (end <= at) continue
    const lines = text.slice(Math.max(start, at), end).split('\n').length - 1
    out += `${text.slice(at, Math.max(start, at))}${start < at ? '' : hidden}${'\n'.repeat(lines)}`
    at = end
  }
  return out + text.slice(at)
}

// crypt(5): what a password became is guessed at home.
const hashes = /\$(?:2[abxy]?|5|6|7|y|gy|argon2i?d?|scrypt)\$[^\s"',:]{16,}/g

/** `?key=…` and `&token=…` of an address, a password before its `@`, and hashes of passwords, under whatever setting they stand. */
function inAddresses(text: string): Span[] {
  const logins = [...text.matchAll(/(?<![A-Za-z0-9._~%-])([A-Za-z0-9._~%-]+:)([^\s:@/"'`]{1,256})@(?=[\w[])/g)].map(({ index, 1: lead, 2: value }) => ({ start: index + lead!.length, end: index + lead!.length + value!.length }))
  const kept = [...text.matchAll(hashes)].map(({ index, 0: hash }) => ({ start: index, end: index + hash.length }))
  return [...logins, ...kept, ...parameters(text)]
}

function parameters(text: string): Span[] {
  return [...text.matchAll(/([?&]([\w.-]+)=)([^&\s"'#]+)/g)].flatMap(({ index, 1: lead, 2: name, 3: value }) => (secretKey.test(name!) ? [{ start: index + lead!.length, end: index + lead!.length + value!.length }] : []))
}

function inJson(text: string): Span[] {
  try {
    const spans: Span[] = []
    // A setting that somebody has switched off by a comment holds what it held.
    const onComment = (_: boolean, comment: string, start: number): void => void spans.push(...inLines('', comment).map((span) => ({ start: span.start + start + 2, end: span.end + start + 2 })))
    const program = parse(`(${text.replace(/^\uFEFF/, ' ')}\n)`, { ecmaVersion: 2025, onComment })
    visit(program as AnyNode, 'no', spans)
    // The parenthesis in front is not in the text.
    return spans.map(({ start, end }) => ({ start: start - 1, end: end - 1 }))
  } catch {
    return inLines('', text)
  }
}

/** `named`: the key itself sounds like a secret; `inside`: one above it does, and then limits and times are none. */
type Secrecy = 'named' | 'inside' | 'no'

function visit(node: AnyNode, secret: Secrecy, spans: Span[]): void {
  if (node.type === 'Program') for (const statement of node.body) visit(statement, secret, spans)
  else if (node.type === 'ExpressionStatement') visit(node.expression, secret, spans)
  else if (node.type === 'ObjectExpression') {
    for (const property of node.properties) {
      if (property.type !== 'Property') continue
      const key = property.key.type === 'Identifier' ? property.key.name : property.key.type === 'Literal' ? String(property.key.value) : ''
      if (property.value.type === 'Literal' && typeof property.value.value === 'number' && quantity.test(key)) continue
      visit(property.value, secretKey.test(key) || typed.test(key) ? 'named' : references.has(key) ? 'no' : secret !== 'no' || key === 'env' || key === 'headers' ? 'inside' : 'no', spans)
    }
  } else if (node.type === 'ArrayExpression') {
    for (const element of node.elements) if (element !== null) visit(element, secret, spans)
  } else if (secret !== 'no' && isValue(node, secret)) spans.push({ start: node.start, end: node.end })
}

/** Switches are no secrets, and often what the change is about. */
function isValue(node: AnyNode, secret: Secrecy): boolean {
  if (node.type === 'TemplateLiteral') return true
  return node.type === 'Literal' && (typeof node.value === 'string' || (secret === 'named' && typeof node.value === 'number'))
}

function inLines(path: string, text: string): Span[] {
  const everything = /(^|\/)\.env(\.|$)|\.env$|(^|\/)(credentials|\.netrc|\.pgpass|\.npmrc)$/.test(path)
  // `Environment="NAME=value"` of a unit holds names of somebody's own choice, like an .env file.
  const units = [...text.matchAll(/^([ \t]*[#;]?[ \t]*Environment[ \t]*=[ \t]*["']?[\w.-]+=)([^\n]+)$/gm)].map(({ index, 1: lead, 2: value }) => ({ start: index + lead!.length, end: index + lead!.length + value!.length }))
  const settings = [...text.matchAll(/^([ \t]*(?:(?:[#;]|\/\/)[ \t]*)?(?:-[ \t]+)?(?:export[ \t]+)?["']?)([\w.-]+)(["']?[ \t]*(?:[=:]|[ \t])[ \t]*)([^\s#][^\n]*)$/gm)].flatMap((found) => {
    const [, lead, key, separator, value] = found as unknown as [string, string, string, string, string]
    if (!everything && (!secretKey.test(key) || /^(yes|no|true|false|on|off)[\s,;]*$/i.test(value) || (quantity.test(key) && /^\d+[\s,;]*$/.test(value)) || isSystemWord(path, key))) return []
    const start = found.index + lead.length + key.length + separator.length
    return [{ start, end: start + value.length }]
  })
  return [...units, ...settings]
}

/** Settings of sshd and PAM that sound like secrets and hold switches and paths. */
function isSystemWord(path: string, key: string): boolean {
  return /^(PasswordAuthentication|PubkeyAuthentication|PermitEmptyPasswords|AuthorizedKeysFile|AuthorizedKeysCommand|HostKey)$/i.test(key) || (/(^|\/)etc\/pam\.(d\/|conf$)/.test(path) && /^(password|auth)$/i.test(key))
}
