import { defineErrors } from '../base/index.ts'

export const budgetErrors = defineErrors({
  'budget.bad-claim': {
    exit: 70,
    http: 400,
    meaning: 'a call was announced to the meter with sizes that are not counts',
  },
  'budget.bad-limit': { exit: 3, http: 500, meaning: 'a budget in the settings is not an amount of money or a count' },
  'budget.bad-override': { exit: 2, http: 400, meaning: 'an override has no amount, no end to come, no reason or no name' },
  'budget.claim-reused': {
    exit: 70,
    http: 500,
    meaning: 'one id was reserved twice; each attempt needs an id of its own',
  },
  'budget.price-file-unusable': {
    exit: 3,
    http: 503,
    meaning: 'the file of `budgets.prices_file` cannot be read, is not whole, or is older than the built-in table',
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
