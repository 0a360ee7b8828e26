import type * as Sdk from '@aws-sdk/client-secrets-manager'
import { HardshellError, isNodeError, Secret, type OutboundTls } from '../../base/index.ts'

/** Amazon's own client. Optional: most installations do not need its 8 MB. */
export type AwsSdk = typeof Sdk

/** How the package is found: a port, so that a machine without it can be tried. */
export type LoadAwsSdk = () => Promise<AwsSdk>

const packageName = '@aws-sdk/client-secrets-manager'

/** @throws HardshellError `secrets.package-missing` */
export async function loadAwsSdk(load: LoadAwsSdk = installed): Promise<AwsSdk> {
  try {
    return await load()
  } catch (error) {
    if (!isNodeError(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new HardshellError('secrets.package-missing', `AWS needs the package ${packageName}, which is not installed`, {
      hint: `npm install ${packageName}`,
    })
  }
}

async function installed(): Promise<AwsSdk> {
  return await import('@aws-sdk/client-secrets-manager')
}

/** Who we are to AWS, as Amazon's chain finds it: environment, profile, web identity, container, instance. */
export interface AwsIdentity {
  accessKeyId: string
  secretAccessKey: Secret
  sessionToken: Secret | null
}

/** @throws whatever the chain throws when it finds nothing; callers name it */
export async function findIdentity(sdk: AwsSdk, region: string, tls: OutboundTls): Promise<AwsIdentity> {
  const client = new sdk.SecretsManagerClient({ region, requestHandler: { httpsAgent: tls.agent() } })
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials()
    const session = sessionToken === undefined ? null : new Secret(sessionToken)
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: session }
  } finally {
    client.destroy()
  }
}
