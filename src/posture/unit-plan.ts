import type { Change } from './change.ts'

/** These of the enabled units stopped and not started again; the undo starts them as before. */
export function disableUnits(enabled: readonly string[], units: readonly string[]): readonly Change[] {
  return units.filter((unit) => enabled.includes(unit)).map((unit) => ({ kind: 'command', do: ['systemctl', 'disable', '--now', unit], undo: ['systemctl', 'enable', '--now', unit], means: `stops ${unit} now and for good` }))
}

/** A package brought in and its unit started. */
export function installUnit(name: string, unit: string): readonly Change[] {
  return [
    { kind: 'command', do: ['apt-get', 'install', '-y', name], undo: ['apt-get', 'remove', '-y', name], means: `installs ${name}` },
    { kind: 'command', do: ['systemctl', 'enable', '--now', unit], undo: ['systemctl', 'disable', '--now', unit], means: `starts ${unit} now and with the machine` },
  ]
}
