import { judgeAddresses, parsePrivateAllowance, parseRules, privateName, type EgressOptions } from '../proxy/egress/index.ts'
import type { NameRule } from '../proxy/dns/index.ts'

/** Which names resolve, and where they may lead: the lists of the way out, read for names. */
export interface ApprovedNames {
  isApproved(name: string): NameRule | null
  /** The entry of everybody's `denied_hosts` that forbids the name on every port, or `null`. */
  deniedBy(name: string): string | null
  mayLeadTo(name: string, address: string): boolean
}

/**
 * A name resolves when any agent may reach it on any port: a resolver is not told who asks. Where it may be reached
 * from, and by whom, the egress proxy decides with every connection.
 * @throws HardshellError `egress.bad-host-rule`
 */
export function approvedNames({ rules: options, allowPrivate }: Pick<EgressOptions, 'rules' | 'allowPrivate'>): ApprovedNames {
  const rules = parseRules(options)
  const [everybody] = rules.all
  const allowance = parsePrivateAllowance(allowPrivate)
  const deniedBy = (name: string): string | null => everybody?.denied.naming({ host: name, literal: false }).find(({ port }) => port === null)?.text ?? null
  return {
    deniedBy,
    isApproved(name) {
      if (deniedBy(name) !== null) return null
      // What the way out refuses, listed or not, is not asked of a resolver that may answer anything.
      if (!allowance.names.has(name) && privateName(name) !== null) return null
      const found = rules.all.flatMap(({ allowed }) => allowed.naming({ host: name, literal: false }))
      const rule = found.find(({ wildcard }) => !wildcard) ?? found[0]
      if (rule) {
        const reason = `${name} is allowed by ${rule.setting} entry ${rule.text}`
        return { rule: 'egress.allowed-host', reason, scope: rule.wildcard ? { below: rule.host } : 'host' }
      }
      if (rules.mode === 'enforce') return null
      return { rule: rules.mode === 'learn' ? 'egress.learned' : 'egress.reported', reason: `it resolves because egress.mode is ${rules.mode}`, scope: 'any' }
    },
    mayLeadTo: (name, address) => judgeAddresses({ host: name, port: 443, literal: false }, [address], allowance).allow,
  }
}

/** The names of the lists in force. */
export interface NamesInForce extends ApprovedNames {
  /** All or nothing. @throws HardshellError `egress.bad-host-rule` */
  put(lists: Parameters<typeof approvedNames>[0]): void
}

/** @throws HardshellError `egress.bad-host-rule` */
export function namesInForce(lists: Parameters<typeof approvedNames>[0]): NamesInForce {
  let now = approvedNames(lists)
  return {
    isApproved: (name) => now.isApproved(name),
    deniedBy: (name) => now.deniedBy(name),
    mayLeadTo: (name, address) => now.mayLeadTo(name, address),
    put(next) {
      now = approvedNames(next)
    },
  }
}
