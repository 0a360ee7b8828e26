import type { Check } from '../check.ts'
import backupsPrivate from './files/backups-private.ts'
import configPrivate from './files/config-private.ts'
import credentialsPrivate from './files/credentials-private.ts'
import databasesPrivate from './files/databases-private.ts'
import homeNotWritable from './files/home-not-writable.ts'
import includesPrivate from './files/includes-private.ts'
import logsPrivate from './files/logs-private.ts'
import noLinks from './files/no-links.ts'
import notSynced from './files/not-synced.ts'
import oneOwner from './files/one-owner.ts'
import providerKeysPrivate from './files/provider-keys-private.ts'
import secretsPrivate from './files/secrets-private.ts'
import sessionsPrivate from './files/sessions-private.ts'
import stateFolderPrivate from './files/state-folder-private.ts'

export const files: readonly Check[] = [
  backupsPrivate,
  configPrivate,
  credentialsPrivate,
  databasesPrivate,
  homeNotWritable,
  includesPrivate,
  logsPrivate,
  noLinks,
  notSynced,
  oneOwner,
  providerKeysPrivate,
  secretsPrivate,
  sessionsPrivate,
  stateFolderPrivate,
]
