import type { Check } from '../check.ts'
import botsNotAnswered from './channels/bots-not-answered.ts'
import callsSigned from './channels/calls-signed.ts'
import commandsGated from './channels/commands-gated.ts'
import dmsNotOpen from './channels/dms-not-open.ts'
import groupSendersListed from './channels/group-senders-listed.ts'
import groupsNeedMention from './channels/groups-need-mention.ts'
import groupsNotOpen from './channels/groups-not-open.ts'
import nativeCommandsListed from './channels/native-commands-listed.ts'
import noNamesInLists from './channels/no-names-in-lists.ts'
import noRiskyCommands from './channels/no-risky-commands.ts'
import oneTrustBoundary from './channels/one-trust-boundary.ts'
import openWithoutControlPlane from './channels/open-without-control-plane.ts'
import openWithoutElevated from './channels/open-without-elevated.ts'
import openWithoutFiles from './channels/open-without-files.ts'
import openWithoutShell from './channels/open-without-shell.ts'
import quotesFromListedPeople from './channels/quotes-from-listed-people.ts'
import sendersById from './channels/senders-by-id.ts'
import sendersNamed from './channels/senders-named.ts'
import webhooksSigned from './channels/webhooks-signed.ts'

export const channels: readonly Check[] = [
  botsNotAnswered,
  callsSigned,
  commandsGated,
  dmsNotOpen,
  groupSendersListed,
  groupsNeedMention,
  groupsNotOpen,
  nativeCommandsListed,
  noNamesInLists,
  noRiskyCommands,
  oneTrustBoundary,
  openWithoutControlPlane,
  openWithoutElevated,
  openWithoutFiles,
  openWithoutShell,
  quotesFromListedPeople,
  sendersById,
  sendersNamed,
  webhooksSigned,
]
