import { HardshellError, isNodeError, Secret } from '../../base/index.ts'

/** Amazon's own client. Optional: most installations do not need its 8 MB. */
export type AwsSdk = typeof import('@aws-sdk/client-secrets-manager')

/** How the package is found: a port, so that a machine without it can be tried. */
export type LoadAwsSdk = () => Promise<AwsSdk>

const packageName = '@aws-sdk/client-secrets-manager'

/** @throws HardshellError `secrets.package-missing` */
export async function loadAwsSdk(load: LoadAwsSdk = async () => await import('@aws-sdk/client-secrets-manager')): Promise<AwsSdk> {
  try {
    return await load()
  } catch (error) {
    if (!isNodeError(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new HardshellError('secrets.package-missing', `AWS needs the package ${packageName}, which is not installed`, {
      hint: `npm install ${packageName}`,
    })
  }
}

/** Who we are to AWS, as Amazon's chain finds it: environment, profile, web identity, container, instance. */
export interface AwsIdentity {
  accessKeyId: string
  secretAccessKey: Secret
  sessionToken: Secret | null
}

/** @throws whatever the chain throws when it finds nothing; callers name it */
export async function findIdentity(sdk: AwsSdk, region: string): Promise<AwsIdentity> {
  const client = new sdk.SecretsManagerClient({ region })
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials()
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: sessionToken === undefined ? null : new Secret(sessionToken) }
  } finally {
    client.destroy()
  }
}
