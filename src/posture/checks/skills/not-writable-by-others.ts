import { defineCheck } from '../../check.ts'
import type { SkillsInstalledFacts } from '../../facts/skills-installed.ts'
import { tightened, writableByOthers } from '../../loose-modes.ts'
import { othersWrite } from '../../private-files.ts'

export default defineCheck({
  id: 'skills.not-writable-by-others',
  title: 'other users of the machine cannot write skills',
  severity: 'high',
  why: 'a skill is an order to the agent: who writes it has the tools and keys of the agent with its next turn',
  source: 'OpenClaw 2026.9.6, whose watcher takes up a changed SKILL.md at once; guides, check permissions of skills',
  needs: ['stateFolder', 'skillsInstalled'],
  restsOn: ['skillsInstalled'],
  judge: ({ stateFolder, skillsInstalled }) => othersWrite(files(skillsInstalled), 'high', stateFolder),
  fix: { risk: 'safe', part: 'files', plan: ({ skillsInstalled }) => tightened(files(skillsInstalled), writableByOthers) },
  examples: {
    pass: { mine: { files: { '$STATE/workspace/skills/notes/SKILL.md': { text: 'x', mode: 0o644 } } }, none: { config: {} } },
    fail: {
      'of the group': { files: { '$STATE/workspace/skills/notes/SKILL.md': { text: 'x', mode: 0o664 } } },
      'a script deep inside': { files: { '$STATE/skills/notes/SKILL.md': 'x', '$STATE/skills/notes/scripts/run.sh': { text: '', mode: 0o777 } } },
    },
  },
})

function files({ skills, extra }: SkillsInstalledFacts): { path: string; mode: number }[] {
  const all = [...skills.flatMap((skill) => skill.files), ...extra.flatMap(({ folder }) => (folder === null ? [] : [folder]))]
  return [...new Map(all.map(({ path, link, mode }) => [link ?? path, { path: link ?? path, mode }])).values()]
}
