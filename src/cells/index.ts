/**
 * Cells: one guard and one OpenClaw for each tenant, with folders, user, keys, addresses and budget of their own, and
 * nothing shared but the machine. The room makes and removes them and knows who is whose neighbor; that none reaches
 * into another is proven by the pulse of each (`src/proof/surfaces/cells.ts`).
 */
export { createCell, findCell, removeCell, type CellBudget, type CellPorts } from './create.ts'
export { cellsErrors } from './errors.ts'
export { cellFolders, neighborsOf, readCells, type Cell, type CellFolders } from './registry.ts'
