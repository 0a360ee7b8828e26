/**
 * What wakes somebody up. The room reads the audit log for alerts and for jobs that tell of themselves, and sends them
 * to Slack, PagerDuty, by mail, to a webhook and to a log server. It promises that no entry is lost over a restart or
 * while a destination is away, within a day and a bounded queue; that a flood becomes a count and drowns no other kind
 * of alert; that whoever a text comes from, it is shown as text; and that nothing ever waits for a destination.
 * The rules of `security_alerts` are read and checked, and nothing judges them yet.
 */
import type { z } from 'zod'
import type { alertSettings } from './settings.ts'

export { destinationNames, type Delivery, type DestinationName } from './channel.ts'
export { alertsErrors } from './errors.ts'
export { undeliveredRule } from './message.ts'
export { migrations } from './migrations.ts'
export { openAlerts, type AlertOptions, type AlertPorts, type Alerts, type DestinationRow, type TestedDestination } from './open.ts'
export type { Trouble } from './deliver.ts'
export { notificationSecrets } from './channels.ts'
export type { NotificationSettings } from './settings.ts'

/** `alertSettings`, read and with every default filled in. */
export type AlertSettings = z.output<typeof alertSettings>
