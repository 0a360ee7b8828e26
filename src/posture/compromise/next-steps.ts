/** What to do where something was found, by area. */
const byArea: Readonly<Record<string, string>> = {
  skills: 'move the folder out of the skills folder (do not open or run it), keep it as evidence',
  plugins: 'openclaw plugins disable NAME, restart the gateway, keep the folder as evidence',
  'memory and persona': 'compare with the last backup you trust, put that version back',
  transcripts: 'read the session around that place: was it run, and by whom; openclaw sessions',
  'state database': 'read the row; what is in it was said or scheduled by somebody',
  'shell history': 'somebody ran it: take the machine off the network, rotate every key it held',
  cron: 'comment the line out, keep a copy, find the process it started',
  units: 'systemctl disable --now UNIT, keep a copy of the file, find out who put it there',
  'launch agents': 'launchctl bootout the agent, keep a copy of the file, find out who put it there',
  'startup files': 'take the line out, keep a copy, log in anew',
  'authorized keys': 'take out every key you cannot name, then look who logged in (last, journalctl -u ssh)',
  'hosts file': 'take the line out, then find out what was fetched through it',
  'npm packages': 'npm uninstall --global NAME, treat keys of this account as read',
  'temporary folders': 'do not run it; keep a copy and its digest, find the process that wrote it',
  "Hardshell's own log": 'see who went there (hardshell egress list), revoke that credential',
}

const usual = 'look at that place, keep a copy before anything is changed'

type Verdict = 'hit' | 'suspicious' | 'clean-as-far-as-looked'

/** The commands that come next, in order: contain, rotate, restore. Pure. */
export function nextSteps(verdict: Verdict, hits: readonly { area: string }[]): readonly string[] {
  if (verdict === 'clean-as-far-as-looked') return ['look again after each update of the indicators; hardshell security audit shows what makes the next attack easy']
  if (verdict === 'suspicious') return [`read the ${hits.length === 1 ? 'place' : 'places'} above: nothing in them is certain`, 'unsure, and keys were within reach: go on as for a hit']
  return [
    'contain: hardshell pause --all --reason "compromise" (without a guard: openclaw gateway stop); if anything was run, cut the network: sudo hardshell lockdown, then hardshell lockdown confirm',
    'keep evidence: openclaw backup create --verify, and copies of the places above, before anything is changed',
    'rotate every key this account could read: provider keys, channel tokens, the gateway token, SSH keys; from another machine (hardshell secrets status, hardshell secrets rotate)',
    'restore: a new machine or user, OpenClaw installed anew, only configuration and memory you have read; then hardshell security audit',
  ]
}

/** One sentence for one place. Pure. */
export function stepFor(area: string): string {
  return byArea[area] ?? usual
}
