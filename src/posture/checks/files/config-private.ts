import { defineCheck } from '../../check.ts'
import type { StateFolderFacts } from '../../facts/state-folder.ts'
import { privateJudge, type Privacy } from '../../private-files.ts'

/** Root's, and for the gateway to read: better than a file the gateway could rewrite, and closing it would stop the gateway. */
function isHandedToRead({ config, folder }: StateFolderFacts): boolean {
  return config !== null && config.uid === 0 && folder.uid !== 0 && config.gid === folder.gid && (config.mode & 0o037) === 0
}

const privacy: Privacy = {
  worldWritable: ['critical', 'fs.config.perms_writable'],
  groupWritable: ['critical', 'fs.config.perms_writable'],
  worldReadable: ['critical', 'fs.config.perms_world_readable'],
  groupReadable: ['high', 'fs.config.perms_group_readable'],
}

export default defineCheck({
  id: 'files.config-private',
  title: 'only its owner reads and writes openclaw.json',
  severity: 'critical',
  why: 'it holds the token of the gateway and often those of channels; who writes it decides what the agent may do',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage (600); guides, file permissions',
  covers: ['fs.config.perms_writable', 'fs.config.perms_group_readable', 'fs.config.perms_world_readable'],
  ...privateJudge('config', privacy, (facts) => [isHandedToRead(facts) ? null : facts.config]),
  examples: {
    pass: { private: { config: {} }, none: { files: { '$STATE/logs/a.log': '' } }, 'handed to the gateway to read': { files: { '$STATE/openclaw.json': { text: '{}', mode: 0o640, uid: 0, gid: 1000 } } } },
    fail: {
      "readable by somebody else's group": { files: { '$STATE/openclaw.json': { text: '{}', mode: 0o640, uid: 0, gid: 100 } } },
      'readable by all': { files: { '$STATE/openclaw.json': { text: '{}', mode: 0o644 } } },
      'in an open folder': { files: { $STATE: { kind: 'folder', mode: 0o755 }, '$STATE/openclaw.json': { text: '{}', mode: 0o660 } } },
      'through a link': { files: { '$STATE/openclaw.json': { kind: 'link', target: '/srv/claw.json' }, '/srv/claw.json': { text: '{}', mode: 0o644, uid: 1000 } } },
    },
  },
})
