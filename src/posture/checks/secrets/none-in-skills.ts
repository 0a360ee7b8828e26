import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-skills',
  title: 'skills hold no keys',
  severity: 'high',
  why: 'skills are shared, published and read aloud to the model: a key in one is a key everywhere',
  source: 'guide 3, skills; OpenClaw docs, tools/skills',
  ...cleanedResidueRule('skill'),
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/skills/mail/SKILL.md': '# Mail\nUse $MAIL_KEY\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '$STATE/skills/mail/SKILL.md': `# Mail\nUse ${made}\n` } } },
  },
})
