import { createHash } from 'node:crypto'
import { RE2JS } from 're2js'
import { z } from 'zod'
import { HardshellError, isPublicAddress, messageOf } from '../../base/index.ts'
import { benignCorpus } from './benign-corpus.ts'
import { refang, type Indicator } from './indicator.ts'
import { compileIndicators } from './match-indicators.ts'

const indicator = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'family.what, lower case'),
  family: z.string().min(3).max(80),
  kind: z.enum(['ip', 'domain', 'url', 'text', 'name', 'regex', 'sha256']),
  value: z.string().max(400),
  confidence: z.enum(['certain', 'likely']),
  means: z.string().min(10).max(300),
  source: z.string().min(5).max(300),
  date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/),
})
const listed = z.strictObject({ indicators: z.array(indicator).min(1).max(20_000) })

// Shorter ones are found everywhere: eight letters of hex occur by chance in every 100 MB of base64.
const minLength = { ip: 7, domain: 6, url: 12, text: 10, name: 6, regex: 12, sha256: 64 } as const

/** Digests of content everybody has: a list that was sold held the first of them. */
const everybodysDigests = new Set(['', '\n', '\r\n', ' ', '{}', '[]', '{}\n', '\0'].map((text) => createHash('sha256').update(text).digest('hex')))

// Names of files and packages everybody has: whoever lists one of them accuses everybody.
const everybodysNames = new Set([
  ...['skill.md', 'readme.md', 'license', 'license.md', 'changelog.md', 'package.json', 'package-lock.json', 'index.js', 'index.ts', 'index.mjs', 'main.py', 'setup.py', '__init__.py', 'requirements.txt', 'pyproject.toml', 'setup.sh', 'install.sh'],
  ...['soul.md', 'agents.md', 'memory.md', 'tools.md', 'identity.md', 'heartbeat.md', 'openclaw.json', 'openclaw.plugin.json', 'authorized_keys', 'crontab', 'openclaw', 'clawhub', 'clawdbot', 'moltbot', 'node_modules', 'corepack', 'typescript'],
])

/**
 * Tests every indicator before anything is judged by it: none may match nothing, or harmless text.
 * @throws HardshellError `posture.indicator-unusable`, naming the first that fails
 */
export function admitIndicators(indicators: readonly Indicator[]): readonly Indicator[] {
  const ids = new Set<string>()
  for (const one of indicators) {
    const fault = faultOf(one) ?? (ids.has(one.id) ? 'is listed twice' : null)
    if (fault !== null) throw new HardshellError('posture.indicator-unusable', `the indicator ${one.id} ${fault}`, { hint: 'take it out of the list, or make it say more' })
    ids.add(one.id)
  }
  return indicators
}

/** Reads a list somebody brought: `{"indicators": [...]}`. @throws HardshellError `posture.indicator-unusable` */
export function readIndicators(text: string, where: string): readonly Indicator[] {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new HardshellError('posture.indicator-unusable', `${where} is not JSON: ${messageOf(error)}`)
  }
  const read = listed.safeParse(raw)
  if (!read.success) throw new HardshellError('posture.indicator-unusable', `${where}: ${read.error.issues[0]!.path.join('.')}: ${read.error.issues[0]!.message}`)
  return admitIndicators(read.data.indicators)
}

function faultOf(one: Indicator): string | null {
  const value = refang(one.value)
  if (value.trim().length < minLength[one.kind]) return `is shorter than ${minLength[one.kind]} characters`
  if (one.kind === 'ip' && !isPublicAddress(value)) return 'is no public address'
  if (one.kind === 'sha256') return !/^[0-9a-f]{64}$/.test(value) ? 'is no SHA-256' : everybodysDigests.has(value) ? 'is the digest of content everybody has, such as nothing at all' : null
  if (one.kind === 'domain' && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value)) return 'is no name of a host'
  try {
    if (one.kind === 'regex' && findsNothing(value)) return 'matches nothing at all'
    if (one.kind === 'name' && everybodysNames.has(value.toLowerCase())) return 'is a name everybody has'
    const match = compileIndicators([one])
    const benign = benignCorpus.findIndex((text) => match.inText(text).length > 0 || match.byName(text).length > 0)
    return benign === -1 ? null : `matches harmless text: "${benignCorpus[benign]!.slice(0, 40)}"`
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`
  }
}

/** An empty match ends the search of a text before anything is found: `\b` has none in no text, and one in every other. */
function findsNothing(pattern: string): boolean {
  const compiled = RE2JS.compile(pattern)
  return ['', ...benignCorpus].some((text) => {
    const matcher = compiled.matcher(text)
    return matcher.find() && matcher.end() === matcher.start()
  })
}
