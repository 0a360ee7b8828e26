/** Commands of paired devices that watch, record, send or write: none is allowed unless somebody lists it (OpenClaw 2026.9.6). */
export const dangerousNodeCommands: ReadonlySet<string> = new Set([
  'calendar.add',
  'camera.clip',
  'camera.ptz.control',
  'camera.snap',
  'contacts.add',
  'health.summary',
  'reminders.add',
  'screen.record',
  'sms.search',
  'sms.send',
])

/** True for what looks like a pattern or a shell text. Names are compared whole, so as a denial it does nothing. */
export function isNoCommandName(entry: string): boolean {
  return !/^[a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+$/.test(entry.trim())
}
