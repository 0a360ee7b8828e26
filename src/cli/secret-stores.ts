import type { OutboundTls } from '../base/index.ts'
import { configDisk, findConfig, requireConfig, type LoadedConfig } from '../config/index.ts'
import { outboundTlsOf } from '../guard/outbound-tls.ts'
import { openSecrets } from '../guard/secrets.ts'
import { pathsFor } from './guard-access.ts'
import type { Terminal } from './terminal.ts'

export type Options = Record<string, string | boolean | undefined>

/** The stores as the configuration names them, for one command. To be closed. */
export type ConfiguredStores = ReturnType<typeof openSecrets> & { loaded: LoadedConfig; tls: OutboundTls }

/** @throws HardshellError `config.missing`, `config.invalid` */
export async function openStores(options: Options, terminal: Terminal): Promise<ConfiguredStores> {
  const flag = typeof options['config'] === 'string' ? options['config'] : undefined
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  const loaded = await requireConfig(found?.directory ?? null)
  const report = (event: { name: string; kind: string }): void => terminal.err(`${event.name}: ${event.kind.replaceAll('-', ' ')}`)
  const tls = outboundTlsOf(loaded.config, ({ reason }) => terminal.err(reason))
  return { ...openSecrets(pathsFor(options, terminal), terminal.env, loaded.config.secrets, { report, tls }), loaded, tls }
}
