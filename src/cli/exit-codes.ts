import { alertsErrors } from '../alerts/errors.ts'
import { auditlogErrors } from '../auditlog/errors.ts'
import { backupErrors } from '../backup/errors.ts'
import { HardshellError, tlsErrors, type ErrorRow } from '../base/index.ts'
import { budgetErrors } from '../budget/errors.ts'
import { cellsErrors } from '../cells/errors.ts'
import { configErrors } from '../config/errors.ts'
import { contentErrors } from '../content/errors.ts'
import { controlErrors } from '../control/errors.ts'
import { guardErrors } from '../guard/errors.ts'
import { hostErrors } from '../host/errors.ts'
import { identityErrors } from '../identity/errors.ts'
import { incidentErrors } from '../incident/errors.ts'
import { isolationErrors } from '../isolation/errors.ts'
import { openclawErrors } from '../openclaw/errors.ts'
import { postureErrors } from '../posture/errors.ts'
import { profilesErrors } from '../profiles/errors.ts'
import { errors as dnsErrors } from '../proxy/dns/errors.ts'
import { errors as egressErrors } from '../proxy/egress/errors.ts'
import { http1Errors } from '../proxy/http1/errors.ts'
import { errors as ingressErrors } from '../proxy/ingress/errors.ts'
import { modelProxyErrors } from '../proxy/model/errors.ts'
import { sandboxErrors } from '../sandbox/errors.ts'
import { secretsErrors } from '../secrets/errors.ts'
import { storeErrors } from '../store/errors.ts'
import { cliErrors } from './errors.ts'

/** Every code of every room: what docs/reference/errors.md is made from. */
export const allErrors: Readonly<Record<string, ErrorRow>> = {
  ...alertsErrors,
  ...auditlogErrors,
  ...backupErrors,
  ...budgetErrors,
  ...cliErrors,
  ...cellsErrors,
  ...configErrors,
  ...contentErrors,
  ...controlErrors,
  ...dnsErrors,
  ...egressErrors,
  ...guardErrors,
  ...http1Errors,
  ...hostErrors,
  ...identityErrors,
  ...incidentErrors,
  ...ingressErrors,
  ...isolationErrors,
  ...modelProxyErrors,
  ...openclawErrors,
  ...postureErrors,
  ...profilesErrors,
  ...sandboxErrors,
  ...secretsErrors,
  ...storeErrors,
  ...tlsErrors,
}

/** What the command line ends with. Public: scripts rely on it. */
export const exitCodes = {
  0: 'done, and the answer is yes',
  1: 'done, and the answer is no: not proven, chain broken, check failed',
  2: 'the command was not understood',
  3: 'the configuration is wrong',
  4: 'no guard is running, or it cannot be reached',
  5: 'the guard refused',
  6: 'a program that is needed is missing or does not start',
  7: 'reading or writing failed',
  70: 'a bug: please report it',
  130: 'interrupted',
} as const

export function exitCodeOf(error: unknown): number {
  return error instanceof HardshellError ? (allErrors[error.code]?.exit ?? 70) : 70
}
