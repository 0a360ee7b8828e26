import { nearest } from '../base/index.ts'
import type { Check } from './check.ts'
import { accounts } from './checks/accounts.ts'
import { agents } from './checks/agents.ts'
import { alerts } from './checks/alerts.ts'
import { approvals } from './checks/approvals.ts'
import { auth } from './checks/auth.ts'
import { backups } from './checks/backups.ts'
import { browser } from './checks/browser.ts'
import { budgets } from './checks/budgets.ts'
import { channels } from './checks/channels.ts'
import { config } from './checks/config.ts'
import { containers } from './checks/containers.ts'
import { controlUi } from './checks/control-ui.ts'
import { cron } from './checks/cron.ts'
import { discovery } from './checks/discovery.ts'
import { disk } from './checks/disk.ts'
import { elevated } from './checks/elevated.ts'
import { environments } from './checks/environments.ts'
import { exec } from './checks/exec.ts'
import { fail2ban } from './checks/fail2ban.ts'
import { files } from './checks/files.ts'
import { firewall } from './checks/firewall.ts'
import { gateway } from './checks/gateway.ts'
import { guard } from './checks/guard.ts'
import { hooks } from './checks/hooks.ts'
import { incident } from './checks/incident.ts'
import { kernel } from './checks/kernel.ts'
import { logging } from './checks/logging.ts'
import { mac } from './checks/mac.ts'
import { mcp } from './checks/mcp.ts'
import { memory } from './checks/memory.ts'
import { models } from './checks/models.ts'
import { network } from './checks/network.ts'
import { plugins } from './checks/plugins.ts'
import { providers } from './checks/providers.ts'
import { runtime } from './checks/runtime.ts'
import { sandbox } from './checks/sandbox.ts'
import { secrets } from './checks/secrets.ts'
import { services } from './checks/services.ts'
import { sessions } from './checks/sessions.ts'
import { skills } from './checks/skills.ts'
import { sshd } from './checks/sshd.ts'
import { tls } from './checks/tls.ts'
import { tools } from './checks/tools.ts'
import { updates } from './checks/updates.ts'
import { versions } from './checks/versions.ts'
import { windows } from './checks/windows.ts'

/** Every check there is, by area. One sorted line for an area; its checks are listed in the area's own file. */
export const checks: readonly Check[] = [
  ...accounts,
  ...agents,
  ...alerts,
  ...approvals,
  ...auth,
  ...backups,
  ...browser,
  ...budgets,
  ...channels,
  ...config,
  ...containers,
  ...controlUi,
  ...cron,
  ...discovery,
  ...disk,
  ...elevated,
  ...environments,
  ...exec,
  ...fail2ban,
  ...files,
  ...firewall,
  ...gateway,
  ...guard,
  ...hooks,
  ...incident,
  ...kernel,
  ...logging,
  ...mac,
  ...mcp,
  ...memory,
  ...models,
  ...network,
  ...plugins,
  ...providers,
  ...runtime,
  ...sandbox,
  ...secrets,
  ...services,
  ...sessions,
  ...skills,
  ...sshd,
  ...tls,
  ...tools,
  ...updates,
  ...versions,
  ...windows,
]

/** The check of an id, or `null`. */
export function findCheck(id: string): Check | null {
  return checks.find((check) => check.id === id) ?? null
}

/** The check somebody meant by an id that is none, of ours or of OpenClaw's own audit; `null` when the id is one or nothing is near. */
export function misspelt(id: string): string | null {
  if (findCheck(id) !== null || checks.some(({ covers }) => covers?.includes(id))) return null
  return nearest(id, checks.map((check) => check.id)) ?? checks.find((check) => check.id.startsWith(`${id}-`))?.id ?? null
}
