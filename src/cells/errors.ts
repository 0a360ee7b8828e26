import { defineErrors } from '../base/index.ts'

export const cellsErrors = defineErrors({
  'cells.bad-name': { exit: 2, http: 400, meaning: 'a name that cannot be the name of a cell' },
  'cells.exists': { exit: 5, http: 409, meaning: 'a cell of this name, or with its user, exists' },
  'cells.unknown': { exit: 2, http: 404, meaning: 'there is no cell of this name' },
  'cells.running': { exit: 5, http: 409, meaning: 'a cell that runs is not removed' },
  'cells.damaged': { exit: 7, http: 500, meaning: 'the list of cells cannot be read' },
  'cells.foreign': { exit: 5, http: 403, meaning: 'somebody else could put something in the place of the cells' },
  'cells.locked': { exit: 5, http: 409, meaning: 'another command changes the list of cells' },
})
