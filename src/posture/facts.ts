import { accounts, type AccountsFacts } from './facts/accounts.ts'
import { attested, type AttestedFacts } from './facts/attested.ts'
import { authorizedKeys, type AuthorizedKeysFacts } from './facts/authorized-keys.ts'
import { browserContainers, type BrowserContainer } from './facts/browser-containers.ts'
import { buildContexts, type BuildContext } from './facts/build-contexts.ts'
import { caddy, type CaddyFacts } from './facts/caddy.ts'
import { clock, type ClockFacts } from './facts/clock.ts'
import { config, type ConfigFacts } from './facts/config.ts'
import { containers, type ContainersFacts } from './facts/containers.ts'
import { cron, type CronFacts } from './facts/cron.ts'
import { disk, fullness, type DiskFacts } from './facts/disk.ts'
import { environment, type EnvironmentFacts } from './facts/environment.ts'
import { execApprovals, type ExecApprovalsFacts } from './facts/exec-approvals.ts'
import { fail2ban, type Fail2banFacts } from './facts/fail2ban.ts'
import { firewall, firewallRules, type FirewallFacts, type FirewallRule } from './facts/firewall.ts'
import { front, type FrontFacts } from './facts/front.ts'
import { gitHistory, type GitHistoryFacts } from './facts/git-history.ts'
import { guardConfig, type GuardConfigFacts } from './facts/guard-config.ts'
import { imageSecrets, type ImageSecretsFacts } from './facts/image-secrets.ts'
import { installations, type InstallationFacts } from './facts/installations.ts'
import { kernel, type KernelFacts } from './facts/kernel.ts'
import { failedUnits, logging, type LoggingFacts } from './facts/logging.ts'
import { mac, type MacFacts } from './facts/mac.ts'
import { mcporter, type McporterFacts } from './facts/mcporter.ts'
import { passwords, type PasswordsFacts } from './facts/passwords.ts'
import { pendingUpdates } from './facts/pending-updates.ts'
import { pluginsInstalled, type PluginsInstalledFacts } from './facts/plugins-installed.ts'
import { proofs, type ProofFacts } from './facts/proofs.ts'
import { remoteAccess, type RemoteAccessFacts } from './facts/remote-access.ts'
import { repositories, type RepositoryFacts } from './facts/repositories.ts'
import { keyFiles, type KeyFile } from './facts/residue-key-files.ts'
import { serviceSecrets, type ServiceSecretFacts } from './facts/residue-services.ts'
import { residue, type ResidueFacts } from './facts/residue.ts'
import { addOns } from './facts/running-versions-add-ons.ts'
import { advisories, type AdvisoryFacts } from './facts/running-versions-advisories.ts'
import { runningVersions, type RunningVersionsFacts } from './facts/running-versions.ts'
import { runtime, type RuntimeFacts } from './facts/runtime.ts'
import { sandboxRuntime, type SandboxRuntimeFacts } from './facts/sandbox-runtime.ts'
import { services, type ServicesFacts } from './facts/services.ts'
import { skillsInstalled, type SkillsInstalledFacts } from './facts/skills-installed.ts'
import { sockets, type SocketsFacts } from './facts/sockets.ts'
import { sshFiles, type SshFilesFacts } from './facts/ssh-files.ts'
import { sshd, type SshdFacts } from './facts/sshd.ts'
import { stateFolder, type StateFolderFacts } from './facts/state-folder.ts'
import { sudoRules, type SudoRulesFacts } from './facts/sudo-rules.ts'
import { updates, type UpdatesFacts } from './facts/updates.ts'
import { windows, type WindowsFacts } from './facts/windows.ts'
import { windowsRegistry, type WindowsRegistryFacts } from './facts/windows-registry.ts'
import { workspace, type WorkspaceFacts } from './facts/workspace.ts'
import type { FactReader } from './subject.ts'
import type { AddOn } from './versions/add-ons.ts'

/** Everything a check may ask for, plain data, gathered once. One sorted line here and one below for each. */
export interface Facts {
  accounts: AccountsFacts
  addOns: readonly AddOn[]
  advisories: AdvisoryFacts
  attested: AttestedFacts
  authorizedKeys: AuthorizedKeysFacts
  browserContainers: readonly BrowserContainer[]
  buildContexts: readonly BuildContext[]
  caddy: CaddyFacts
  clock: ClockFacts
  config: ConfigFacts
  containers: ContainersFacts
  cron: CronFacts
  disk: DiskFacts
  environment: EnvironmentFacts
  execApprovals: ExecApprovalsFacts
  fail2ban: Fail2banFacts
  failedUnits: readonly string[]
  firewall: FirewallFacts
  firewallRules: readonly FirewallRule[]
  front: FrontFacts
  fullness: number
  gitHistory: GitHistoryFacts
  guardConfig: GuardConfigFacts
  imageSecrets: ImageSecretsFacts
  installations: InstallationFacts
  kernel: KernelFacts
  keyFiles: readonly KeyFile[]
  logging: LoggingFacts
  mac: MacFacts
  mcporter: McporterFacts
  passwords: PasswordsFacts
  pendingUpdates: readonly string[]
  pluginsInstalled: PluginsInstalledFacts
  proofs: ProofFacts
  remoteAccess: RemoteAccessFacts
  repositories: RepositoryFacts
  residue: ResidueFacts
  runningVersions: RunningVersionsFacts
  runtime: RuntimeFacts
  sandboxRuntime: SandboxRuntimeFacts
  services: ServicesFacts
  serviceSecrets: ServiceSecretFacts
  skillsInstalled: SkillsInstalledFacts
  sockets: SocketsFacts
  sshd: SshdFacts
  sshFiles: SshFilesFacts
  stateFolder: StateFolderFacts
  sudoRules: SudoRulesFacts
  updates: UpdatesFacts
  windows: WindowsFacts
  windowsRegistry: WindowsRegistryFacts
  workspace: WorkspaceFacts
}

export type FactName = keyof Facts

/** Who reads what. Only facts that some chosen check needs are read. */
export const readers: { readonly [K in FactName]: FactReader<Facts[K]> } = {
  accounts,
  addOns,
  advisories,
  attested,
  authorizedKeys,
  browserContainers,
  buildContexts,
  caddy,
  clock,
  config,
  containers,
  cron,
  disk,
  environment,
  execApprovals,
  fail2ban,
  failedUnits,
  firewall,
  firewallRules,
  front,
  fullness,
  gitHistory,
  guardConfig,
  imageSecrets,
  installations,
  kernel,
  keyFiles,
  logging,
  mac,
  mcporter,
  passwords,
  pendingUpdates,
  pluginsInstalled,
  proofs,
  remoteAccess,
  repositories,
  residue,
  runningVersions,
  runtime,
  sandboxRuntime,
  services,
  serviceSecrets,
  skillsInstalled,
  sockets,
  sshd,
  sshFiles,
  stateFolder,
  sudoRules,
  updates,
  windows,
  windowsRegistry,
  workspace,
}
