/**
 * The store is one SQLite file with the state that enforcement depends on: meters, kill switches, approvals.
 * It promises a file nobody else can read, a schema that is either wholly migrated or untouched, and a refusal to
 * work on a file that a newer version has already changed. Rooms bring their own tables as migrations and speak SQL
 * to `node:sqlite` themselves; this room knows no table but its own history.
 */
export { openStore, type Store } from './open.ts'
export { type Migration } from './migrate.ts'
export { inTransaction } from './transaction.ts'
export { storeErrors } from './errors.ts'
