import { HardshellError, type Clock, type Secret } from '../../base/index.ts'
import { findByName } from '../secret-name.ts'
import type { LeasedSecret } from '../store.ts'
import type { KeyIssuer } from './issuer.ts'
import type { AdminHttp } from './issuers/admin-http.ts'
import { anthropicIssuer } from './issuers/anthropic.ts'
import { awsIamIssuer, identityOf } from './issuers/aws-iam.ts'
import { byHandIssuer } from './issuers/by-hand.ts'
import { openAiIssuer } from './issuers/openai.ts'
import { vaultLeaseIssuer } from './issuers/vault-lease.ts'
import type { RotationSetting } from './settings.ts'

/** Who makes and ends the key of this name, by the settings. Admin keys are read when they are used. */
export function issuerOf(
  name: string,
  settings: Readonly<Record<string, RotationSetting>>,
  ports: {
    find(name: string): Promise<Secret | null>
    /** The secret as something Vault makes on demand; `null`: it is kept somewhere. */
    leased(name: string): LeasedSecret | null
    http: AdminHttp
    clock: Clock
  },
): KeyIssuer {
  const setting = findByName(settings, name)
  const needed = async (reference: string): Promise<Secret> => {
    const secret = await ports.find(reference.replace(/^\$/, ''))
    if (secret) return secret
    throw new HardshellError('secrets.missing', `the rotation of ${name} needs the secret ${reference.slice(1)}, which is nowhere`, {
      hint: `hardshell secrets put ${reference.slice(1)}`,
    })
  }
  switch (setting?.issuer) {
    case 'openai': {
      const { project, admin_key, base_url: baseUrl } = setting
      return openAiIssuer({ project, adminKey: async () => await needed(admin_key), ...(baseUrl && { baseUrl }) }, ports.http)
    }
    case 'anthropic': {
      const { admin_key, base_url: baseUrl } = setting
      return anthropicIssuer({ adminKey: async () => await needed(admin_key), ...(baseUrl && { baseUrl }) }, ports.http)
    }
    case 'aws_iam': {
      const identity = async () => identityOf(await needed(setting.admin_key ?? name))
      return awsIamIssuer({ userName: setting.user, identity }, ports)
    }
    case 'vault': {
      const leased = ports.leased(name)
      if (leased) return vaultLeaseIssuer(leased)
      throw new HardshellError('secrets.not-mapped', `rotation.${name}: Vault makes no ${name} on demand`, {
        hint: 'map it in secrets.paths to an engine that makes credentials, such as database/creds/app#password',
      })
    }
    default:
      return byHandIssuer
  }
}
