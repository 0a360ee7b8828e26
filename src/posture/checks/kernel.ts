import type { Check } from '../check.ts'
import addressesHidden from './kernel/addresses-hidden.ts'
import bpfRestricted from './kernel/bpf-restricted.ts'
import forgedSendersDropped from './kernel/forged-senders-dropped.ts'
import jitHardened from './kernel/jit-hardened.ts'
import linksProtected from './kernel/links-protected.ts'
import logRestricted from './kernel/log-restricted.ts'
import mandatoryAccessControl from './kernel/mandatory-access-control.ts'
import noPrivilegedDumps from './kernel/no-privileged-dumps.ts'
import noRedirectsSent from './kernel/no-redirects-sent.ts'
import noRedirectsTaken from './kernel/no-redirects-taken.ts'
import noSourceRoutes from './kernel/no-source-routes.ts'
import performanceEventsRestricted from './kernel/performance-events-restricted.ts'
import ptraceRestricted from './kernel/ptrace-restricted.ts'
import randomLayout from './kernel/random-layout.ts'
import sharedFilesProtected from './kernel/shared-files-protected.ts'
import synFloodsSurvived from './kernel/syn-floods-survived.ts'

/** Checks of the area `kernel`. */
export const kernel: readonly Check[] = [
  addressesHidden,
  bpfRestricted,
  forgedSendersDropped,
  jitHardened,
  linksProtected,
  logRestricted,
  mandatoryAccessControl,
  noPrivilegedDumps,
  noRedirectsSent,
  noRedirectsTaken,
  noSourceRoutes,
  performanceEventsRestricted,
  ptraceRestricted,
  randomLayout,
  sharedFilesProtected,
  synFloodsSurvived,
]
