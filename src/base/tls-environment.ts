import { HardshellError } from './errors.ts'

/**
 * Takes out of an environment what would make Node believe any server, and refuses what would write down keys. What
 * else names authorities or versions (`NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `NODE_USE_SYSTEM_CA`, `--tls-min-v1.0` …)
 * has no effect on our connections and stays.
 * @param env changed: that of this process
 * @param options of this process's Node, beside those in `NODE_OPTIONS`
 * @returns the names that were taken out
 * @throws HardshellError `tls.keys-exposed`: Node cannot be talked out of it once it runs
 */
export function enforceTlsEnvironment(env: Record<string, string | undefined>, options: readonly string[]): string[] {
  const exposing = [...(env['NODE_OPTIONS'] ?? '').split(/\s+/), ...options].find((option) => /^"?--(tls-keylog|trace-tls)(=|"?$)/.test(option))
  if (exposing !== undefined) {
    const option = exposing.replaceAll('"', '').split('=')[0]!
    throw new HardshellError('tls.keys-exposed', `node runs with ${option}, which writes down what TLS is there to hide`, {
      hint: `take ${option} out of NODE_OPTIONS`,
    })
  }
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === undefined) return []
  delete env['NODE_TLS_REJECT_UNAUTHORIZED']
  return ['NODE_TLS_REJECT_UNAUTHORIZED']
}
