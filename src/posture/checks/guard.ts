import type { Check } from '../check.ts'
import allowedHostsNamed from './guard/allowed-hosts-named.ts'
import answersLeakNothing from './guard/answers-leak-nothing.ts'
import canaryEndsAnswer from './guard/canary-ends-answer.ts'
import certificatesVerified from './guard/certificates-verified.ts'
import configUnwritable from './guard/config-unwritable.ts'
import dashboardMfa from './guard/dashboard-mfa.ts'
import dnsEncrypted from './guard/dns-encrypted.ts'
import dnsFilterLocal from './guard/dns-filter-local.ts'
import dnsFilterOn from './guard/dns-filter-on.ts'
import egressEnforced from './guard/egress-enforced.ts'
import frontDoorCallersListed from './guard/front-door-callers-listed.ts'
import frontDoorLimitsRate from './guard/front-door-limits-rate.ts'
import frontDoorPermissions from './guard/front-door-permissions.ts'
import frontDoorRateBounded from './guard/front-door-rate-bounded.ts'
import inputBounded from './guard/input-bounded.ts'
import inputRefusedWhenLong from './guard/input-refused-when-long.ts'
import inspectionStopsSecrets from './guard/inspection-stops-secrets.ts'
import invisibleTextRemoved from './guard/invisible-text-removed.ts'
import isolationChosen from './guard/isolation-chosen.ts'
import keysRotatedOnSchedule from './guard/keys-rotated-on-schedule.ts'
import logChained from './guard/log-chained.ts'
import logComplete from './guard/log-complete.ts'
import logKeptAYear from './guard/log-kept-a-year.ts'
import logOn from './guard/log-on.ts'
import logRedacts from './guard/log-redacts.ts'
import loopsStopped from './guard/loops-stopped.ts'
import marksUntrusted from './guard/marks-untrusted.ts'
import noHiddenServerNames from './guard/no-hidden-server-names.ts'
import proofsFrequent from './guard/proofs-frequent.ts'
import redactsSecrets from './guard/redacts-secrets.ts'
import repeatedCallsStopped from './guard/repeated-calls-stopped.ts'
import repeatedRequestsStopped from './guard/repeated-requests-stopped.ts'
import standsBeforeGateway from './guard/stands-before-gateway.ts'
import statePrivate from './guard/state-private.ts'
import surfacesProven from './guard/surfaces-proven.ts'
import tasksEnd from './guard/tasks-end.ts'
import tlsMinimum from './guard/tls-minimum.ts'
import vpnAwaited from './guard/vpn-awaited.ts'

export const guard: readonly Check[] = [
  allowedHostsNamed,
  answersLeakNothing,
  canaryEndsAnswer,
  certificatesVerified,
  configUnwritable,
  dashboardMfa,
  dnsEncrypted,
  dnsFilterLocal,
  dnsFilterOn,
  egressEnforced,
  frontDoorCallersListed,
  frontDoorLimitsRate,
  frontDoorPermissions,
  frontDoorRateBounded,
  inputBounded,
  inputRefusedWhenLong,
  inspectionStopsSecrets,
  invisibleTextRemoved,
  isolationChosen,
  keysRotatedOnSchedule,
  logChained,
  logComplete,
  logKeptAYear,
  logOn,
  logRedacts,
  loopsStopped,
  marksUntrusted,
  noHiddenServerNames,
  proofsFrequent,
  redactsSecrets,
  repeatedCallsStopped,
  repeatedRequestsStopped,
  standsBeforeGateway,
  statePrivate,
  surfacesProven,
  tasksEnd,
  tlsMinimum,
  vpnAwaited,
]
