import type { UfwRule } from '../../host/index.ts'

/** What decides about one kind of visitor; the first that fits counts. */
export type Rule = Pick<UfwRule, 'action' | 'protocol' | 'ports' | 'from'>

/**
 * The rules of ufw as they stand after these commands, in their order. A `delete` that is not understood leaves none: what
 * cannot be told opens nothing. Pure.
 */
export function ufwAfter(rules: readonly Rule[], commands: readonly (readonly string[])[]): readonly Rule[] {
  return commands.filter(([program]) => program === 'ufw').reduce((now, [, ...words]) => after(now, words.filter((word) => word !== '--force' && word !== 'rule')), rules)
}

function after(rules: readonly Rule[], [verb, ...rest]: readonly string[]): readonly Rule[] {
  if (verb === 'reset') return []
  if (verb === 'delete') {
    const gone = ruleIn(rest)
    return gone === null ? [] : rules.filter((rule) => !areSame(rule, gone))
  }
  const first = verb === 'prepend' || verb === 'insert'
  const made = ruleIn(verb === 'prepend' ? rest : verb === 'insert' ? rest.slice(1) : [verb ?? '', ...rest])
  if (made === null || rules.some((rule) => areSame(rule, made))) return rules
  // Where exactly an insertion goes changes nothing for one that closes, which is taken as first, and is not trusted for one that opens.
  return first && made.action !== 'allow' && made.action !== 'limit' ? [made, ...rules] : [...rules, made]
}

/** `allow 22/tcp`, `limit OpenSSH`, `allow in on eth0 from 10.0.0.1 to any port 22 proto tcp` (ufw(8)); `null`: something else. */
function ruleIn([action, ...words]: readonly string[]): Rule | null {
  if (action !== 'allow' && action !== 'limit' && action !== 'deny' && action !== 'reject') return null
  if (words[0] === 'out') return null
  const after = (word: string): string | undefined => (words.includes(word) ? words[words.lastIndexOf(word) + 1] : undefined)
  const short = /^([\d:,]+|ssh|openssh)(?:\/(tcp|udp))?$/i.exec(words.find((word) => /^(\d|ssh$|openssh$)/i.test(word)) ?? '')
  const isLong = words.includes('from') || words.includes('to')
  const named = isLong ? after('port') : short?.[1]
  if (!isLong && named === undefined) return null
  const protocol = isLong ? after('proto') : (short?.[2] ?? (/ssh/i.test(named!) ? 'tcp' : undefined))
  const from = after('from')
  return { action, protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : 'any', ports: named === undefined ? null : rangesOf(named), from: from === undefined || from === 'any' ? null : from }
}

function rangesOf(text: string): Rule['ports'] {
  if (/^(ssh|openssh)$/i.test(text)) return [[22, 22]]
  return text.split(',').map((part) => {
    const [first, last = first] = part.split(':').map(Number)
    return [first!, last!] as const
  })
}

/** ufw(8) takes `22` and `22/tcp` for two rules; a `delete` takes the rule with the very action. */
function areSame(a: Rule, b: Rule): boolean {
  return a.action === b.action && a.protocol === b.protocol && a.from === b.from && JSON.stringify(a.ports) === JSON.stringify(b.ports)
}
