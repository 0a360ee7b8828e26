import { defineErrors, HardshellError } from '../base/index.ts'

export const alertsErrors = defineErrors({
  'alerts.no-destination': { exit: 3, http: 404, meaning: 'no destination of that name is configured, so nobody can be told' },
})

export type AlertsErrorCode = keyof typeof alertsErrors

export function alertsError(code: AlertsErrorCode, message: string, more: { hint?: string } = {}): HardshellError {
  return new HardshellError(code, message, more)
}
