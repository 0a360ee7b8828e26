import gatewayPasswordElsewhere from './secrets/gateway-password-elsewhere.ts'
import hooksTokenElsewhere from './secrets/hooks-token-elsewhere.ts'
import ignoredByGit from './secrets/ignored-by-git.ts'
import keyFilesPrivate from './secrets/key-files-private.ts'
import needed from './secrets/needed.ts'
import noneInBackups from './secrets/none-in-backups.ts'
import noneInConfig from './secrets/none-in-config.ts'
import noneInGitHistory from './secrets/none-in-git-history.ts'
import noneInGitRemotes from './secrets/none-in-git-remotes.ts'
import noneInHistory from './secrets/none-in-history.ts'
import noneInImages from './secrets/none-in-images.ts'
import noneInLogs from './secrets/none-in-logs.ts'
import noneInServices from './secrets/none-in-services.ts'
import noneInSessions from './secrets/none-in-sessions.ts'
import noneInSettingsFiles from './secrets/none-in-settings-files.ts'
import noneInSkills from './secrets/none-in-skills.ts'
import notTracked from './secrets/not-tracked.ts'
import young from './secrets/young.ts'

export const secrets = [
  gatewayPasswordElsewhere,
  hooksTokenElsewhere,
  ignoredByGit,
  keyFilesPrivate,
  needed,
  noneInBackups,
  noneInConfig,
  noneInGitHistory,
  noneInGitRemotes,
  noneInHistory,
  noneInImages,
  noneInLogs,
  noneInServices,
  noneInSessions,
  noneInSettingsFiles,
  noneInSkills,
  notTracked,
  young,
]
