import { lineIn } from './change.ts'
import { defineCheck, type Check } from './check.ts'
import { noLog } from './example-fail2ban.ts'
import type { Example } from './example.ts'
import { isBlind, jailValue, ownJails, readJournal, type Fail2banFacts } from './facts/fail2ban.ts'

/** A question whether one jail of Fail2Ban is on. */
export interface JailRule extends Pick<Check, 'title' | 'severity' | 'why' | 'source'> {
  id: `fail2ban.${string}`
  jail: string
  /** Its question arises where this fact can be had. */
  where: 'front' | 'sshd'
  /** A machine on which the jail is neither on nor off. */
  files: NonNullable<Example['files']>
}

/** Judged over Fail2Ban's files in its own order, mended in ours. */
export function jailCheck({ jail, where, files, ...about }: JailRule): Check {
  const line = { section: jail, key: 'enabled', separator: ' = ' } as const
  const isOn = (facts: Fail2banFacts): boolean => /^(true|yes|1)$/i.test(jailValue(facts, jail, 'enabled') ?? '')
  const isSighted = (facts: Fail2banFacts): boolean => where !== 'sshd' || !isBlind(facts)
  const said = (value: string): string => `[${jail}]\nenabled = ${value}\n`
  return defineCheck({
    ...about,
    needs: ['fail2ban', where],
    applies: ({ fail2ban }) => fail2ban.installed && fail2ban.instead === null,
    judge: ({ fail2ban }) => [
      ...(isOn(fail2ban) ? [] : [{ at: `/etc/fail2ban: [${jail}]`, saw: 'not enabled', want: 'enabled = true' }]),
      ...(isSighted(fail2ban) ? [] : [{ at: `/etc/fail2ban: [${jail}]`, saw: 'reads a log that is not there, so Fail2Ban does not start', want: 'backend = systemd' }]),
    ],
    fix: {
      risk: 'safe',
      part: 'fail2ban',
      plan: ({ fail2ban }) => [...(isOn(fail2ban) ? [] : [{ kind: 'line' as const, path: ownJails, ...line, from: lineIn(fail2ban.own, line), to: 'true' }]), ...(isSighted(fail2ban) ? [] : readJournal(fail2ban))],
    },
    examples: {
      pass: { on: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': said('true') } } },
      fail: { ...(where === 'sshd' ? { 'no log to read': { files: { ...files, ...noLog, '/etc/fail2ban/jail.d/own.conf': said('true') } } } : {}), off: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': said('true'), '/etc/fail2ban/jail.local': said('false') } }, nothing: { files } },
    },
  })
}
