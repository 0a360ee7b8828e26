import { defineErrors } from '../base/index.ts'

export const postureErrors = defineErrors({
  'posture.advisories-unusable': { exit: 7, http: 422, meaning: 'a file of known holes is not whole, is not the one that was meant, or is older than the one in use' },
  'posture.bad-attestation': { exit: 2, http: 422, meaning: 'an attestation without a name, a note or an end, or one that nobody made' },
  'posture.broken-config': { exit: 3, http: 422, meaning: 'the openclaw.json that was named holds nothing that could be judged' },
  'posture.busy': { exit: 5, http: 409, meaning: 'another harden, or its timer, is at work on this machine' },
  'posture.changed-meanwhile': { exit: 1, http: 409, meaning: 'a place was changed by somebody else since it was judged or hardened: nothing is written over it' },
  'posture.contradiction': { exit: 1, http: 409, meaning: 'two checks want different things of one place' },
  'posture.indicator-unusable': { exit: 7, http: 422, meaning: 'an indicator of compromise would match harmless text, or says too little to be used' },
  'posture.missing': { exit: 7, http: 404, meaning: 'a file or folder that was named to be judged is not there' },
  'posture.not-applied': { exit: 7, http: 500, meaning: 'a change could not be made, and everything that was made is taken back' },
  'posture.not-ours': { exit: 7, http: 409, meaning: 'a link, a device or a file with two names stands where a file to be changed is expected' },
  'posture.record-damaged': { exit: 7, http: 500, meaning: 'the record of a harden run cannot be read or written: nothing is done on its word' },
  'posture.run-too-late': { exit: 1, http: 409, meaning: 'the time to confirm a harden run is over: it is taken back' },
  'posture.run-unconfirmed': { exit: 5, http: 409, meaning: 'an earlier harden run waits to be confirmed or undone' },
  'posture.run-unknown': { exit: 2, http: 404, meaning: 'there is no harden run of that name, or none to confirm or undo' },
  'posture.unknown-check': { exit: 2, http: 404, meaning: 'there is no check or area of that name' },
  'posture.unreadable': { exit: 7, http: 403, meaning: 'a file or folder that was named to be judged cannot be read' },
  'posture.unwritable': { exit: 7, http: 500, meaning: 'a report could not be written where --out says' },
})
