import { createSecrets, type LocalStore, type Secrets } from '../secrets/index.ts'
import type { StatePaths } from './paths.ts'

/** The secret stores as this installation uses them, the drawer of its own among them. Nothing is read before it is asked for. */
export function openSecrets(paths: StatePaths, env: NodeJS.ProcessEnv): Secrets & { local: LocalStore } {
  const secrets = createSecrets({
    env,
    credentialsDirectory: env['CREDENTIALS_DIRECTORY'],
    localPath: paths.secrets,
    localKeyPath: paths.secretsKey,
  })
  return { ...secrets, local: secrets.local! } // there is one: its path was given
}
