import type { InstallationFacts } from './facts.ts'
import type { ProfileFile } from './profile.ts'
import { programFolders } from './program-folders.ts'
import { denied, small } from './systemd-hardening.ts'
import { execStart, homes, unit } from './unit.ts'

/**
 * The watchdog of the whole guard. Node cannot send systemd's keep-alive (a datagram on a unix socket), so the question
 * comes from outside: a guard that does not answer `status` is started anew. One that answers that something is red is
 * left alone: it has closed the agents' paths itself, and a restart would hide why.
 */
export function watchUnits(facts: InstallationFacts): ProfileFile[] {
  return [
    { path: 'hardshell-watch.service', text: question(facts), mode: 0o644 },
    { path: 'hardshell-watch.timer', text: timer, mode: 0o644 },
    { path: 'hardshell-restart.service', text: restart, mode: 0o644 },
  ]
}

function question(facts: InstallationFacts): string {
  const { programs, state } = facts
  return unit({
    Unit: [
      ['Description', 'Does the guard of OpenClaw answer?'],
      ['After', 'hardshell.service'],
      ['Requisite', 'hardshell.service'],
      ['OnFailure', 'hardshell-restart.service'],
    ],
    Service: [
      ['Type', 'oneshot'],
      ['ExecStart', execStart(programs.node, [programs.hardshell, 'status', '--json', '--state', state])],
      ['TimeoutStartSec', 60],
      // 1: it answers, and something is not proven. Only no answer at all (4) or none in time is a failure.
      ['SuccessExitStatus', 1],
      ...homes(programFolders(facts)),
      ...denied,
      // The control socket opens to its owner, root; nothing else is needed.
      ...small.filter(([name]) => name !== 'ProtectHome'),
      ['CapabilityBoundingSet', ''],
      ['RestrictAddressFamilies', 'AF_UNIX'],
    ],
  })
}

const timer = unit({
  Unit: [['Description', 'Ask the guard of OpenClaw every minute']],
  Timer: [
    // The gateway may take 45 s and the first proofs some more.
    ['OnActiveSec', '5min'],
    ['OnUnitInactiveSec', '1min'],
    ['AccuracySec', '10s'],
  ],
  Install: [['WantedBy', 'timers.target']],
})

const restart = unit({
  Unit: [['Description', 'Start a guard that does not answer anew']],
  Service: [
    ['Type', 'oneshot'],
    ['ExecStart', '/usr/bin/systemctl kill --signal=SIGKILL hardshell.service'],
    ...denied,
    ...small,
    ['CapabilityBoundingSet', 'CAP_KILL'],
    ['RestrictAddressFamilies', 'AF_UNIX'],
  ],
})
