import { defineCheck } from '../../check.ts'
import { enabledSkills, switchedOff } from '../../installed-skills.ts'

export default defineCheck({
  id: 'skills.inside-workspace',
  title: 'skills lie where agents are given them from',
  severity: 'medium',
  why: 'a link brings a file from anywhere into the prompt, and whoever owns that place changes it unseen',
  source: 'OpenClaw docs, gateway/security/audit-checks (skills.workspace.symlink_escape)',
  covers: ['skills.workspace.symlink_escape'],
  needs: ['config', 'skillsInstalled'],
  judge: ({ config, skillsInstalled }) =>
    enabledSkills(config, skillsInstalled).flatMap(({ path, outside }) => (outside === null ? [] : [{ at: path, saw: `leads to ${outside}`, want: 'files of its own' }])),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config, skillsInstalled }) => switchedOff(config, enabledSkills(config, skillsInstalled).filter(({ outside }) => outside !== null)) },
  examples: {
    pass: {
      own: { config: {}, files: { '$STATE/workspace/skills/notes/SKILL.md': '---\nname: notes\n---\n' } },
      'a link inside': { config: {}, files: { '$STATE/workspace/skills/notes': { kind: 'link', target: '../shared/notes' }, '$STATE/workspace/shared/notes/SKILL.md': 'x' } },
      'switched off': { config: { skills: { entries: { far: { enabled: false } } } }, files: { '$STATE/workspace/skills/far/SKILL.md': { kind: 'link', target: '/srv/far.md' }, '/srv/far.md': 'x' } },
    },
    fail: { far: { config: {}, files: { '$STATE/workspace/skills/far/SKILL.md': { kind: 'link', target: '/srv/far.md' }, '/srv/far.md': 'x' } } },
  },
})
