import type { Check } from '../check.ts'
import containerApiPrivate from './network/container-api-private.ts'
import databasesPrivate from './network/databases-private.ts'
import debuggersPrivate from './network/debuggers-private.ts'
import gatewayPrivate from './network/gateway-private.ts'
import modelsPrivate from './network/models-private.ts'
import noNameBroadcast from './network/no-name-broadcast.ts'
import onlyKnownServices from './network/only-known-services.ts'
import screensPrivate from './network/screens-private.ts'

/** Checks of the area `network`. */
export const network: readonly Check[] = [
  containerApiPrivate,
  databasesPrivate,
  debuggersPrivate,
  gatewayPrivate,
  modelsPrivate,
  noNameBroadcast,
  onlyKnownServices,
  screensPrivate,
]
