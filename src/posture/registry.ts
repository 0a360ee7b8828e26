import type { Check } from './check.ts'
import { gateway } from './checks/gateway.ts'

/** Every check there is, by area. One sorted line for an area; its checks are listed in the area's own file. */
export const checks: readonly Check[] = [
  ...gateway,
]

/** The check of an id, or `null`. */
export function findCheck(id: string): Check | null {
  return checks.find((check) => check.id === id) ?? null
}
