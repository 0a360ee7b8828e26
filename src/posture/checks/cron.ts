import type { Check } from '../check.ts'
import noFetchedCode from './cron/no-fetched-code.ts'
import noJobsFromSharedFolders from './cron/no-jobs-from-shared-folders.ts'
import privateTables from './cron/private-tables.ts'

/** Checks of the area `cron`. */
export const cron: readonly Check[] = [
  noFetchedCode,
  noJobsFromSharedFolders,
  privateTables,
]
