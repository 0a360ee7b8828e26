import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-history',
  title: 'shell histories hold no keys',
  severity: 'medium',
  why: 'a key that was typed once stays there for years, for whoever reads the home folder',
  source: 'guide 1, secrets: never on the command line',
  ...cleanedResidueRule('history'),
  examples: {
    pass: { clean: { config: {}, files: { '~/.bash_history': 'ls\nopenclaw status\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '~/.bash_history': `ls\nexport ANTHROPIC_API_KEY=${made}\n` } } },
  },
})
