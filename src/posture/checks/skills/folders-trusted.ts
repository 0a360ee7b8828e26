import { defineCheck } from '../../check.ts'
import { wordsAt } from '../../config-values.ts'
import type { Facts } from '../../facts.ts'
import { isTemporaryFolder } from '../../mutable-folders.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'skills.folders-trusted',
  title: 'further folders of skills are there, and nobody else writes them',
  severity: 'high',
  why: 'a folder in /tmp, or one that does not exist yet, is filled by whoever comes first, and read as orders',
  source: 'OpenClaw docs, tools/skills-config (skills.load.extraDirs)',
  needs: ['config', 'skillsInstalled'],
  judge: (facts) => odd(facts).map(({ named, saw }) => ({ at: 'skills.load.extraDirs', saw: `${named} ${saw}`, want: 'a folder of the operator', ...(saw === absent && { severity: 'medium' as const }) })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan(facts) {
      const gone = odd(facts).map(({ named }) => named)
      return settingChanges(facts.config, [{ at: ['skills', 'load', 'extraDirs'], to: wordsAt(facts.config, 'skills.load.extraDirs').filter((path) => !gone.includes(path)) }])
    },
  },
  examples: {
    pass: { own: { config: { skills: { load: { extraDirs: ['~/skills'] } } }, files: { '~/skills/a/SKILL.md': 'x' } }, none: { config: {} } },
    fail: {
      temporary: { config: { skills: { load: { extraDirs: ['/tmp/skills'] } } }, files: { '/tmp/skills/a/SKILL.md': 'x' } },
      missing: { config: { skills: { load: { extraDirs: ['/srv/skills', '~/skills'] } } }, files: { '~/skills/a/SKILL.md': 'x' } },
    },
  },
})

const absent = 'is not there'

function odd({ skillsInstalled: { extra } }: Pick<Facts, 'config' | 'skillsInstalled'>): { named: string; saw: string }[] {
  return extra.flatMap(({ named, folder }) => (isTemporaryFolder(named) ? [{ named, saw: 'is open to everybody' }] : folder === null ? [{ named, saw: absent }] : []))
}
