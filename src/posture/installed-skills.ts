import { isRecord } from '../base/index.ts'
import { entriesAt } from './config-values.ts'
import type { SettingChange } from './change.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { InstalledSkill, SkillsInstalledFacts } from './facts/skills-installed.ts'
import { settingChanges } from './setting-change.ts'

/** Skills that are not switched off. */
export function enabledSkills(config: Pick<ConfigFacts, 'value'>, { skills }: SkillsInstalledFacts): InstalledSkill[] {
  const off = entriesAt(config, 'skills.entries').filter(([, entry]) => isRecord(entry) && entry['enabled'] === false).map(([name]) => name)
  return skills.filter(({ name }) => !off.includes(name))
}

/** Switches skills off; their files stay for whoever looks at them. */
export function switchedOff(config: Pick<ConfigFacts, 'value'>, skills: readonly InstalledSkill[]): SettingChange[] {
  return settingChanges(config, [...new Set(skills.map(({ name }) => name))].map((name) => ({ at: ['skills', 'entries', name, 'enabled'], to: false })))
}
