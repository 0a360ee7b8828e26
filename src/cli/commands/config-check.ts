import { checkConfig, configDisk, findConfig } from '../../config/index.ts'
import { openSecrets } from '../../guard/secrets.ts'
import { pathsFor } from '../guard-access.ts'
import { openStores } from '../secret-stores.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell config check`: exit 3 when there is a mistake. */
export async function configCheck(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const flag = typeof options['config'] === 'string' ? options['config'] : undefined
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  // A configuration with mistakes names no store we could ask; what lies on this machine is looked at all the same.
  const configured = await openStores(options, terminal).catch(() => null)
  const secrets = configured ?? openSecrets(pathsFor(options, terminal), terminal.env)
  const report = await checkConfig(found?.directory ?? null, { resolve: (name) => secrets.get(name) })
  await secrets.close()
  if (options['json'] === true) terminal.out(JSON.stringify(report, null, 2))
  else terminal.out(asText(report, terminal))
  return report.ok ? 0 : 3
}

function asText(report: Awaited<ReturnType<typeof checkConfig>>, terminal: Terminal): string {
  const lines = [report.directory === null ? 'no configuration found: every setting has its default' : `configuration in ${report.directory}: ${report.files.join(', ')}`]
  for (const error of report.errors) {
    lines.push(`${terminal.paint('red', 'error')} ${error.file}:${error.line}:${error.column} ${error.key}: ${error.message}`)
  }
  for (const { name, key, file, line } of report.unset) {
    lines.push(`${terminal.paint('red', 'error')} ${file}:${line} ${key}: there is no secret ${name}; run: hardshell secrets put ${name}`)
  }
  for (const { file, line, key, meaning } of report.notEnforced) {
    lines.push(`${terminal.paint('yellow', 'accepted, not enforced yet')} ${file}:${line} ${key} (${meaning})`)
  }
  if (report.ok) lines.push(terminal.paint('green', 'no mistakes'))
  return lines.join('\n')
}
