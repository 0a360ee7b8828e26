import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { HardshellError, messageOf, systemClock, writeFileAtomic, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { keepConfig } from './config-snapshots.ts'
import { applyChanges, planOverlay, readJson5, type Change } from '../openclaw/index.ts'
import { foreignProviders } from './adopted-providers.ts'
import { readAdoption, type Adoption } from './adoption-record.ts'
import { placePlugin, prepareFolders } from './folders.ts'
import { gatewayUser, type UserId } from './gateway-user.ts'
import { ownedFile } from './owned-file.ts'
import { checkOpenClawConfig, runSecurityAudit, type Installation } from './gateway-task.ts'
import { overlayFacts } from './overlay-facts.ts'
import { ownKeys } from './own-keys.ts'
import type { StatePaths } from './paths.ts'
import type { Programs } from './programs.ts'
import { ourFolder } from './our-folder.ts'
import { findPrograms, providerSet, readConfiguration } from './prepare.ts'
import { foreseeSandbox } from './sandbox.ts'
import { openSecrets } from './secrets.ts'
import type { StartOptions } from './start.ts'

/** What adopting would do. */
export interface AdoptionPlan {
  adoption: Adoption
  before: string
  after: string
  changes: Change[]
  /** Keys that move from the file to the drawer, by name. */
  movedSecrets: ReadonlyMap<string, Secret>
}

/** Plans the change of an existing `openclaw.json`; writes nothing but our own state. @throws HardshellError `guard.adoption-refused` */
export async function planAdoption(directory: string, options: StartOptions): Promise<AdoptionPlan> {
  const { paths, env, cwd } = options
  const installation = installationIn(resolve(cwd, directory.replace(/^~(?=$|\/)/, env['HOME'] ?? homedir())))
  if (existsSync(paths.adoption)) {
    throw new HardshellError('guard.adoption-refused', `this state already guards ${readAdoption(paths.adoption)!.installation.configFile}`, { hint: 'hardshell adopt --undo, or another --state' })
  }
  const { config } = await readConfiguration(options)
  const stat = ownedFile(installation)
  const owner = { uid: stat.uid, gid: stat.gid }
  const user = ownerApart(owner)
  await prepareFolders(paths, user)
  await placePlugin(ourFolder('plugin'), paths.plugin)

  const before = readFileSync(installation.configFile, 'utf8')
  const parsed = readJson5(before)
  const foreign = foreignProviders(parsed)
  const secrets = openSecrets(paths, env)
  const keys = await ownKeys(secrets.local, paths)
  const gatewayPort = portOf(parsed)
  const find = async (name: string): Promise<Secret | null> => foreign.secrets.get(name) ?? (await secrets.get(name))
  const providers = await providerSet(config, foreign.providers, parsed, { get: find, current: find })
  const facts = { ...overlayFacts({ paths, keys, gateway: { port: gatewayPort }, providers, config }, doorsOf(config), await foreseeSandbox({ paths, config, user })), workspace: null }
  const changes = planOverlay(parsed, facts)
  const after = applyChanges(before, changes)
  const adoption: Adoption = {
    installation,
    user,
    gatewayPort,
    backup: join(paths.backups, `${basename(installation.configFile)}.${new Date(systemClock.now()).toISOString().replaceAll(':', '-')}`),
    sha256Before: digest(before),
    sha256After: digest(after),
    mode: stat.mode & 0o777,
    owner,
    providers: foreign.providers,
  }
  return { adoption, before, after, changes, movedSecrets: foreign.secrets }
}

/** Backs up, writes, has OpenClaw judge the result, and puts everything back when it does not like it. */
export async function applyAdoption({ adoption, before, after, movedSecrets }: AdoptionPlan, options: StartOptions): Promise<void> {
  const { paths } = options
  const { configFile } = adoption.installation
  ownedFile(adoption.installation)
  if (digest(readFileSync(configFile, 'utf8')) !== adoption.sha256Before) {
    throw new HardshellError('guard.adoption-refused', `${configFile} changed since the plan was made`, { hint: 'hardshell adopt' })
  }
  const loaded = await readConfiguration(options)
  await keepConfig({ paths, configFile, settings: loaded.directory, keep: loaded.config.backup.snapshots.keep }, { why: 'before it was adopted', by: 'hardshell adopt', cause: 'seen' })
  await mkdir(dirname(adoption.backup), { recursive: true, mode: 0o700 })
  await writeFileAtomic(adoption.backup, before)
  const { local } = openSecrets(paths, options.env)
  for (const [name, secret] of movedSecrets) await local.put(name, secret)
  const programs = await findPrograms(options, adoption.user !== null, () => {})
  await rememberAudit(programs, adoption, paths)
  await writeFileAtomic(paths.adoption, `${JSON.stringify(adoption, null, 2)}\n`)
  await write(configFile, after, { ...adoption, mode: 0o600 }) // it holds keys of ours: nobody else reads it
  try {
    await checkOpenClawConfig(programs, adoption.installation, adoption.user)
  } catch (error) {
    await undoAdoption(options)
    throw new HardshellError('guard.adoption-refused', `OpenClaw does not accept the result, everything was put back: ${messageOf(error)}`, { cause: error })
  }
}

/** What OpenClaw's own audit said before us, for the screen. A verdict that cannot be had stays unknown. */
async function rememberAudit(programs: Programs, { installation, user }: Adoption, { auditBefore }: StatePaths): Promise<void> {
  try {
    const { critical, warn, info } = await runSecurityAudit(programs, installation, user, AbortSignal.timeout(60_000))
    await writeFileAtomic(auditBefore, `${JSON.stringify({ critical, warn, info })}\n`)
  } catch {
    await rm(auditBefore, { force: true })
  }
}

/**
 * Puts the file back byte for byte. What it holds now is kept beside the backup when somebody changed it meanwhile.
 * @returns where that was kept, or `null`
 * @throws HardshellError `guard.adoption-refused` when nothing was adopted or the backup is not what it was
 */
export async function undoAdoption({ paths }: Pick<StartOptions, 'paths'>): Promise<string | null> {
  const adoption = readAdoption(paths.adoption)
  if (!adoption) throw new HardshellError('guard.adoption-refused', 'this state guards no adopted installation', { hint: 'hardshell adopt DIR' })
  const { configFile } = adoption.installation
  const original = readFileSync(adoption.backup, 'utf8')
  if (digest(original) !== adoption.sha256Before) {
    throw new HardshellError('guard.adoption-refused', `the backup ${adoption.backup} was changed`, { hint: 'compare it with openclaw.json.bak* and put the right one back by hand' })
  }
  if (existsSync(configFile)) ownedFile(adoption.installation)
  const now = existsSync(configFile) ? readFileSync(configFile, 'utf8') : ''
  const kept = digest(now) === adoption.sha256After ? null : `${adoption.backup}.replaced`
  if (kept) await writeFileAtomic(kept, now)
  await write(configFile, original, adoption)
  await rm(paths.adoption)
  return kept
}

/** Writes another text of ours into the adopted file; undoing still knows the file as ours, if it was. */
export async function recordReplaced(paths: StatePaths, after: string): Promise<void> {
  const adoption = readAdoption(paths.adoption)!
  const { configFile } = adoption.installation
  ownedFile(adoption.installation)
  const wasOurs = digest(readFileSync(configFile, 'utf8')) === adoption.sha256After
  await write(configFile, after, { ...adoption, mode: 0o600 })
  if (wasOurs) await writeFileAtomic(paths.adoption, `${JSON.stringify({ ...adoption, sha256After: digest(after) }, null, 2)}\n`)
}

async function write(file: string, text: string, { mode, owner }: Adoption): Promise<void> {
  await writeFileAtomic(file, text, { mode, ...(process.getuid?.() === 0 ? { owner } : {}) })
}

function installationIn(directory: string): Installation {
  const configFile = join(directory, 'openclaw.json')
  if (!existsSync(configFile)) {
    throw new HardshellError('guard.adoption-refused', `${configFile} does not exist`, { hint: 'hardshell adopt /path/to/.openclaw' })
  }
  return { configFile, stateDirectory: directory, home: dirname(directory) }
}

/** Root gives the gateway back to the owner of its files; an owner that is ourselves is no wall. */
function ownerApart(owner: UserId): UserId | null {
  const canChange = gatewayUser('/') !== null
  return canChange && owner.uid !== 0 ? owner : null
}

function doorsOf(config: Config): Record<'model' | 'egress', { host: string; port: number }> {
  return { model: config.models.listen, egress: config.egress.listen }
}

function portOf(parsed: unknown): number {
  const port = (parsed as { gateway?: { port?: unknown } }).gateway?.port
  return typeof port === 'number' ? port : 18_789 // OpenClaw's own default
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
