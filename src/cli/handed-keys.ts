import { closeSync, readFileSync } from 'node:fs'

/**
 * Provider keys the launcher took out of the environment before it started us (see ./hardshell): lines `NAME=value`
 * on the file descriptor `HARDSHELL_KEYS_FD` names. Read once, then closed, so that no child inherits it.
 *
 * @returns the environment with them, as a copy: `process.env` itself never holds them
 */
export function withHandedKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { HARDSHELL_KEYS_FD: descriptor, ...rest } = env
  delete process.env['HARDSHELL_KEYS_FD']
  if (descriptor === undefined || !/^\d{1,3}$/.test(descriptor)) return rest
  const keys = readFileSync(Number(descriptor), 'utf8')
    .split('\n')
    .map((line) => /^([A-Za-z_]\w*)=(.+)$/.exec(line))
    .flatMap((match) => (match ? [[match[1]!, match[2]!] as const] : []))
  closeSync(Number(descriptor))
  return { ...rest, ...Object.fromEntries(keys) }
}
