import { secondsOf, sshdConfigPath, sshdLines, sshdValue } from '../host/index.ts'
import { lineIn, withLine, type Change, type LineChange } from './change.ts'
import { defineCheck, type Check, type Flaw, type Risk, type Severity } from './check.ts'
import type { Example } from './example.ts'
import type { SshdFacts } from './facts/sshd.ts'

/** Ours sorts before whatever a distribution or a cloud puts there: the first line wins. */
export const sshdDropIn = '/etc/ssh/sshd_config.d/00-hardshell.conf'

/** A question about one keyword of sshd, and its answer. */
export interface SshdRule {
  id: `sshd.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  keyword: string
  /** Given as `sshd -T` prints it; `''` where there is neither a line nor a default. */
  good(value: string): boolean
  want: string
  /** What the fix writes. */
  to: string
  /** A value that is not good, for the examples. */
  bad: string
  /** Default `safe`; `lockout` for whatever can end somebody's way in. */
  risk?: Risk
  /** Instead of the usual miniatures. */
  examples?: Check['examples']
}

/** The check of a keyword: judged by the effective value, mended where the line that wins can be set. */
export function sshdCheck({ keyword, good, want, to, bad, risk = 'safe', examples, ...about }: SshdRule): Check {
  return defineCheck({
    ...about,
    needs: ['sshd'],
    judge: ({ sshd }) => sshdFlaws(sshd, { keyword, good, want }),
    fix: { risk, part: 'ssh', plan: ({ sshd }) => (good(effective(sshd, keyword)) ? [] : setSshd(sshd, keyword, to)) },
    examples: examples ?? sshdExamples({ keyword, good, to, bad }),
  })
}

/** The value for everybody, `''` where there is none. */
export function effective(sshd: SshdFacts, keyword: string): string {
  return sshdValue(sshd.lines, keyword)?.value ?? ''
}

/** The value for everybody, and each `Match` block that says otherwise. */
export function sshdFlaws(sshd: SshdFacts, { keyword, good, want }: Pick<SshdRule, 'keyword' | 'good' | 'want'>): readonly Flaw[] {
  const value = effective(sshd, keyword)
  const said = sshdValue(sshd.lines, keyword)?.at ?? null
  const general = good(value) ? [] : [{ at: said === null ? sshdConfigPath : `${said.path}:${said.line}`, saw: `${keyword} ${value === '' ? '(not set)' : value}${said === null ? ' (default)' : ''}`, want }]
  const exceptions = sshd.lines.filter(({ keyword: name, match, args }) => match !== null && name === keyword.toLowerCase() && !good(asPrinted(keyword, args)))
  return [...general, ...exceptions.map(({ path, line, args, match }) => ({ at: `${path}:${line}`, saw: `${keyword} ${args.join(' ')} for "Match ${match}"`, want, severity: 'low' as const }))]
}

/**
 * One line that makes the value hold for everybody, in the first place that can: our drop-in, the line that wins today,
 * the top of `sshd_config`. Each is tried on the files as they are, so a plan that would not help is never made.
 */
export function setSshd({ files, lines }: SshdFacts, keyword: string, to: string): readonly Change[] {
  const winner = sshdValue(lines, keyword)?.at?.path
  const want = asPrinted(keyword, [to])
  const places = [{ path: sshdDropIn }, ...(winner === undefined ? [] : [{ path: winner }]), { path: sshdConfigPath, onTop: true as const }]
  for (const place of places) {
    const change: LineChange = { kind: 'line', ...place, key: keyword, separator: ' ', from: lineIn(files[place.path] ?? null, { key: keyword, separator: ' ' }), to, mode: 0o600 }
    const after = sshdLines({ ...files, [place.path]: withLine(files[place.path] ?? null, change) })
    if (sshdValue(after, keyword)?.value === want) return [change]
  }
  // The first such line stands in a block for some: only a new one above everything holds for all.
  const main = files[sshdConfigPath] ?? null
  const onTop = `${keyword} ${to}\n${main ?? ''}`
  if (sshdValue(sshdLines({ ...files, [sshdConfigPath]: onTop }), keyword)?.value !== want) return []
  return [{ kind: 'file', path: sshdConfigPath, from: main, to: onTop }]
}

function asPrinted(keyword: string, args: readonly string[]): string {
  return sshdValue(sshdLines({ [sshdConfigPath]: `${keyword} ${args.join(' ')}` }), keyword)?.value ?? ''
}

/** At least one and at most so many of a number or time. */
export function within(least: number, most: number): (value: string) => boolean {
  return (value) => {
    const number = secondsOf(value)
    return number !== null && number >= least && number <= most
  }
}

const include = 'Include /etc/ssh/sshd_config.d/*.conf\n'

/** The same miniatures for every keyword: said at the top, in a drop-in, too late, or for some only. */
export function sshdExamples({ keyword, good, to, bad }: Pick<SshdRule, 'keyword' | 'good' | 'to' | 'bad'>, files: Example['files'] = {}): Check['examples'] {
  const main = (text: string, more: Example['files'] = {}): Example => ({ files: { '/etc/ssh/sshd_config': text, ...files, ...more } })
  const byDefault = good(sshdValue([], keyword)?.value ?? '')
  return {
    pass: {
      said: main(`# ${keyword} ${bad}\n${keyword.toLowerCase()} ${to}\n`),
      'first of two': main(`${include}${keyword} ${bad}\n`, { '/etc/ssh/sshd_config.d/10-own.conf': `${keyword}=${to}\n` }),
      ...(byDefault ? { default: main(`${include}UseDNS no\n`) } : {}),
    },
    fail: {
      'below an include': main(`${include}${keyword} ${bad}\n`),
      'above the include': main(`${keyword} ${bad}\n${include}`),
      'without an include': main(`${keyword} "${bad}"\n\nMatch User backup\n  ${keyword} ${to}\n`),
      'in an earlier drop-in': main(include, { '/etc/ssh/sshd_config.d/00-cloud.conf': `${keyword} ${bad}\n${keyword} ${to}\n` }),
      ...(byDefault ? {} : { default: main('UseDNS no\nMatch User backup\n  ForceCommand /bin/false\n') }),
    },
  }
}
