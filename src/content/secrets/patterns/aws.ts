import { beside } from '../beside.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated, readsAsWords } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

// bedrock.amazonaws.com in base64, in two parts: whole it would look like a key to every scanner.
const host = ['YmVkcm9jay5hbWF6', 'b25hd3MuY29t'].join('')

const iam = 'AWS IAM user guide, unique identifiers'

export const aws: readonly SecretPattern[] = [
  {
    id: 'aws.access-key-id',
    type: 'aws-access-key-id',
    label: 'AWS_KEY',
    title: 'AWS access key id',
    source: `OpenClaw security hardening guide, step 6; ${iam}`,
    keywords: ['AKIA'],
    shape: /AKIA[0-9A-Z]{16}/,
    anywhere: true,
    examples: {
      found: [`aws_access_key_id = ${sample('AKIA', 16, 'upper')}`],
      passed: ['AKIA', `AKIA${fill(15, 'upper')}-`],
    },
  },
  {
    id: 'aws.temporary-key-id',
    type: 'aws-access-key-id',
    label: 'AWS_KEY',
    title: 'AWS temporary or service access key id',
    source: `${iam}; awslabs/git-secrets, register-aws`,
    keywords: ['ASIA', 'ABIA', 'ACCA', 'A3T'],
    shape: /A(?:SIA|BIA|CCA|3T[A-Z0-9])[0-9A-Z]{16}(?![0-9A-Za-z])/,
    accept: (id) => /[0-9]/.test(id) || !readsAsWords(id),
    examples: {
      found: [`key ${sample('ASIA', 16, 'upper')}`, `key ${sample('A3TX', 16, 'upper')}`],
      passed: ['ASIANDEVELOPMENTBANK', `ASIA${fill(17, 'upper')}`],
    },
  },
  {
    id: 'aws.secret-key',
    type: 'aws-secret-key',
    title: 'AWS secret access key',
    source: 'AWS IAM user guide, access keys: 40 letters of base64',
    certainty: 'context',
    keywords: [
      'aws_secret', 'awssecret', 'aws-secret', 'secret_access_key', 'secretaccesskey', 'secret_key', 'aws_key',
      'secret-access-key',
    ],
    ignoreCase: true,
    anywhere: true,
    shape: beside(
      'aws[_-]?secret|secret[_-]?access[_-]?key|secret_key|aws_key', '[A-Za-z0-9\\/+]{40}', '[A-Za-z0-9\\/+=]',
    ),
    accept: looksGenerated,
    examples: {
      found: [
        `aws_secret_access_key = ${sample('', 40, 'base64')}`,
        `"SecretAccessKey": "${sample('', 40, 'base64')}"`,
      ],
      passed: ['aws_secret_access_key = ${AWS_SECRET}', 'secret_access_key = load_from(vault)'],
    },
  },
  {
    id: 'aws.session-token',
    type: 'aws-session-token',
    title: 'AWS session token',
    source: 'AWS STS API reference, GetSessionToken',
    certainty: 'context',
    keywords: ['session_token', 'sessiontoken', 'session-token', 'security-token'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('session[_-]?token|security-token', '[A-Za-z0-9\\/+=]{100,300}', null),
    tail: 'A-Za-z0-9/+=',
    accept: looksGenerated,
    examples: {
      found: [`AWS_SESSION_TOKEN=${sample('IQoJb3JpZ2lu', 400, 'base64')}`],
      passed: ['session_token = request.cookies["session_token"]'],
    },
  },
  prefixed(
    {
      id: 'aws.bedrock-key',
      type: 'aws-bedrock-key',
      title: 'Amazon Bedrock API key',
      source: 'gitleaks rule aws-amazon-bedrock-api-key-long-lived',
    },
    ['ABSK'],
    { of: 'base64', least: 60 },
  ),
  {
    id: 'aws.mws-key',
    type: 'aws-mws-key',
    title: 'Amazon Marketplace Web Service token',
    source: 'Amazon MWS docs, authorization: amzn.mws. and a UUID',
    keywords: ['amzn.mws.'],
    shape: /amzn\.mws\.[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}/,
    examples: { found: [mark(`amzn.mws.${fillUuid()}`)], passed: ['amzn.mws.eu'] },
  },
  {
    id: 'aws.bedrock-short-key',
    type: 'aws-bedrock-key',
    title: 'Amazon Bedrock API key of a session',
    source: 'gitleaks rule aws-amazon-bedrock-api-key-short-lived: bedrock.amazonaws.com in base64',
    keywords: ['bedrock-api-key-'],
    // The rest is a signed address; even cut short nothing else begins like this.
    shape: new RegExp(`bedrock-api-key-(?:${host}|[A-Za-z0-9+\\/]{32,64})`),
    tail: 'A-Za-z0-9+/=',
    accept: (key) => key.includes(host) || looksGenerated(key.slice('bedrock-api-key-'.length)),
    examples: {
      found: [mark(`bedrock-api-key-${host}${fill(120, 'base64')}`)],
      passed: ['bedrock-api-key-YmVkcm9jay4', 'bedrock-api-key-rotation'],
    },
  },
]
