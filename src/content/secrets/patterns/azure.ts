import { beside } from '../beside.ts'
import type { SecretPattern } from '../pattern.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

export const azure: readonly SecretPattern[] = [
  {
    id: 'azure.storage-key',
    type: 'azure-storage-key',
    title: 'Azure storage account key',
    source: 'Azure docs, storage connection strings: 64 bytes of base64',
    keywords: ['accountkey', 'account_key', 'account-key', 'storage_key'],
    ignoreCase: true,
    anywhere: true,
    certainty: 'context',
    shape: beside('account[_-]?key|storage_key', '[A-Za-z0-9+\\/]{86}==', '[A-Za-z0-9=]'),
    examples: {
      found: [`AccountName=a;AccountKey=${mark(`${fill(86, 'base64')}==`)};EndpointSuffix=core`],
      passed: ['AccountKey=short=='],
    },
  },
  {
    id: 'azure.shared-access-key',
    type: 'azure-shared-access-key',
    title: 'Azure Service Bus, Event Hubs or IoT key',
    source: 'Azure docs, Service Bus connection strings: 32 bytes of base64',
    certainty: 'context',
    keywords: ['sharedaccesskey'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('sharedaccesskey', '[A-Za-z0-9+\\/]{43}=', '[A-Za-z0-9=]'),
    examples: {
      found: [`SharedAccessKeyName=root;SharedAccessKey=${mark(`${fill(43, 'base64')}=`)}`],
      passed: ['SharedAccessKeyName=RootManageSharedAccessKey'],
    },
  },
  {
    id: 'azure.sas-signature',
    type: 'azure-sas-signature',
    title: 'signature of an Azure shared access URL',
    source: 'Azure docs, create a service SAS',
    keywords: ['sig='],
    shape: /sig=(?<secret>[A-Za-z0-9%+\/]{43,100}(?:%3D|%3d|=))/,
    certainty: 'context',
    examples: { found: [`?sv=2024-11-04&sp=r&sig=${mark(`${fill(43)}%3D`)}`], passed: ['sig=none'] },
  },
  {
    id: 'azure.client-secret',
    type: 'azure-client-secret',
    title: 'Microsoft Entra client secret',
    source: 'gitleaks rule azure-ad-client-secret: the fifth and sixth letter are Q~',
    keywords: ['Q~'],
    anywhere: true,
    // The four letters before stay: a stream would have to hold back the end of every word for them.
    shape: /(?<=(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9])Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-]|\.[A-Za-z0-9])/,
    examples: { found: [`- abc8${mark(`Q~${fill(34)}`)}`], passed: [`abc8Q~${fill(20)}`, `,4~q8Q~${fill(40)}`] },
  },
  {
    id: 'azure.devops-token',
    type: 'azure-devops-token',
    title: 'Azure DevOps personal access token',
    certainty: 'context',
    source: 'Azure DevOps docs, personal access tokens',
    keywords: ['azure_devops', 'azure-devops', 'azuredevops', 'vsts_pat', 'ado_pat'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('azure[_-]?devops|vsts_pat|ado_pat', '[A-Za-z0-9]{52,84}'),
    accept: looksGenerated,
    examples: {
      found: [`AZURE_DEVOPS_EXT_PAT=${sample('', 52, 'lower')}`],
      passed: ['AZURE_DEVOPS_EXT_PAT=$(System.AccessToken)'],
    },
  },
]
