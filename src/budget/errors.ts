import { defineErrors } from '../base/index.ts'

export const budgetErrors = defineErrors({
  'budget.bad-claim': {
    exit: 70,
    http: 400,
    meaning: 'a call was announced to the meter with sizes that are not counts',
  },
  'budget.bad-limit': { exit: 3, http: 500, meaning: 'a budget in the settings is not an amount of money or a count' },
  'budget.claim-reused': {
    exit: 70,
    http: 500,
    meaning: 'one id was reserved twice; each attempt needs an id of its own',
  },
  'budget.price-table-unusable': {
    exit: 70,
    http: 503,
    meaning: 'the price table that ships with Hardshell cannot be read',
  },
  'budget.store-failed': {
    exit: 7,
    http: 503,
    meaning: 'the meter could not be read or written; the answer is then no',
  },
  'budget.unknown-reservation': { exit: 70, http: 500, meaning: 'a cost was reported for a call nobody reserved' },
})
