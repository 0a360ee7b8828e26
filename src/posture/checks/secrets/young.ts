import { defineCheck } from '../../check.ts'

// The guides rotate every 90 days; twice that is forgotten, not late.
const maxDays = 180

export default defineCheck({
  id: 'secrets.young',
  title: 'keys were changed in the last half year',
  severity: 'low',
  why: 'a key that leaked unnoticed is good until somebody changes it',
  source: 'guide 1, rotation: every 90 days',
  needs: ['keyFiles'],
  judge: ({ keyFiles }) =>
    keyFiles
      .filter(({ isOpenClaws, days }) => isOpenClaws && days > maxDays)
      .map(({ path, days }) => ({ at: path, saw: `unchanged for ${days} days`, want: `at most ${maxDays}` })),
  manual: 'hardshell secrets rotate NAME, for each key in it',
  examples: {
    pass: { young: { config: {}, files: { '$STATE/.env': 'A=b\n' } }, none: { config: {} } },
    // 2026-01-01, with the clock of examples in November.
    fail: { old: { config: {}, files: { '$STATE/.env': { text: 'A=b\n', modifiedMs: Date.UTC(2026, 0, 1) } } } },
  },
})
