import { findSecrets } from '../../content/index.ts'
import { columns, type Terminal } from '../terminal.ts'

const sensitiveName = /(_|^)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTH|DSN|DATABASE_URL)(_|$)/i

/** `hardshell debug env`: which variables this process sees. Sensitive values are never shown, flag or not. */
export async function debugEnv(options: { json?: unknown }, terminal: Terminal): Promise<number> {
  const rows = Object.entries(terminal.env)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value = '']) => ({ name, sensitive: sensitiveName.test(name) || findSecrets(`${name}=${value}`).length > 0, value }))
  const shown = rows.map(({ name, sensitive, value }) => ({ name, sensitive, value: sensitive ? '[redacted]' : value }))
  if (options.json === true) terminal.out(JSON.stringify({ ok: true, variables: shown }))
  else terminal.out(columns(shown.map(({ name, sensitive, value }) => [name, sensitive ? terminal.paint('yellow', value) : value])))
  return 0
}
