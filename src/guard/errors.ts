import { defineErrors } from '../base/index.ts'

export const guardErrors = defineErrors({
  'guard.already-running': { exit: 5, http: 409, meaning: 'another guard runs on the same state folder' },
  'guard.port-in-use': { exit: 3, http: 503, meaning: 'an address of the configuration is taken by another program' },
  'guard.foreign-provider': { exit: 3, http: 500, meaning: 'openclaw.json of the private profile names a model provider that our settings do not' },
  'guard.no-models': { exit: 3, http: 500, meaning: 'a model provider of the settings names no model' },
  'guard.vpn-down': { exit: 5, http: 503, meaning: 'the VPN without which OpenClaw must not start is not up' },
  'guard.open-door': { exit: 3, http: 500, meaning: 'a listener would be reachable from other machines without encryption' },
  'guard.gateway-token': { exit: 5, http: 502, meaning: 'the gateway does not take the token it was given' },
  'guard.egress-cuts-off': { exit: 3, http: 500, meaning: 'the lists of hosts leave out what a channel or tool of the installation needs' },
  'guard.upgrade-refused': { exit: 5, http: 409, meaning: 'an upgrade of OpenClaw is not begun as things stand' },
  'guard.upgrade-record': { exit: 7, http: 500, meaning: 'the record of an upgrade cannot be read, or something of it cannot be taken back' },
  'guard.upgrade-busy': { exit: 5, http: 409, meaning: 'an upgrade of this installation is under way' },
  'guard.adoption-refused': { exit: 5, http: 409, meaning: 'an installation cannot be adopted or released as it stands' },
})
