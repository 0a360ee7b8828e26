import { findSecrets, secretPatterns } from '../../src/content/index.ts'
import { at, nodesOf } from './syntax.ts'
import { isProduct, type File } from './tree.ts'

/** The places that see a bare secret, each because it hands it to what needs it. Read these first in a review. */
export const mayReveal: readonly string[] = [
  'src/alerts/channel.ts', // reads an address that may hold a token
  'src/alerts/channels/email.ts', // logs in to the mail server
  'src/alerts/channels/pagerduty.ts', // names the service it writes to
  'src/alerts/channels/slack.ts', // the address of a webhook, the token of a bot
  'src/alerts/channels/webhook.ts', // signs, and goes to an address that may hold a token
  'src/guard/canaries.ts', // prepares them to be watched for
  'src/guard/content.ts', // digests what must be recognised
  'src/guard/credentials.ts', // asks a provider whether its key still works
  'src/guard/egress.ts', // hands credentials for the way out to the gateway and to tools
  'src/guard/egress-handlers.ts', // hands one to the operator
  'src/guard/gateway-secrets.ts', // searches the gateway's files for what must not be there
  'src/guard/gateway-token.ts', // asks the gateway whether it takes a token
  'src/guard/gateway-token-file.ts', // knows the token a rotation left in the file
  'src/guard/own-keys.ts', // gives the operator's token to the operator
  'src/guard/probe-turn.ts', // logs in to the gateway for a proof
  'src/guard/proofs.ts', // calls the model proxy for a proof
  'src/guard/known-secrets.ts', // seals the canary of the proof
  'src/identity/token.ts', // compares by digest
  'src/openclaw/overlay.ts', // writes the gateway's own configuration
  'src/openclaw/rpc.ts', // logs in to the gateway
  'src/proxy/egress/credentials.ts', // makes them out of the guard's key, and compares by digest
  'src/proxy/egress/inspect/real-values.ts', // takes real values out of what comes back
  'src/proxy/egress/inspect/sentinel.ts', // makes sentinels with the key of the installation
  'src/proxy/egress/inspect/substitute.ts', // the real value, towards its one host
  'src/proxy/ingress/device.ts', // signs as the gateway's known device
  'src/proxy/ingress/gateway-socket.ts', // puts the gateway's token in place of the visitor's
  'src/proxy/ingress/request-headers.ts', // the same for HTTP
  'src/proxy/model/send.ts', // the real key, towards the provider
  'src/guard/boundary.ts', // makes marks with the installation's key
  'src/sdk/chat.ts', // logs in at the front door
  'src/secrets/aws/signature.ts', // signs for AWS
  'src/secrets/aws/store.ts', // hands a new version to AWS
  'src/secrets/exec-answer.ts', // hands a listed secret to OpenClaw
  'src/secrets/expand.ts', // puts a value in place of its name
  'src/secrets/inventory.ts', // finds equal values, by digest
  'src/secrets/keychain-store.ts', // hands a value to the keychain
  'src/secrets/last-good.ts', // seals what an outage will need
  'src/secrets/residue/clean.ts', // takes known values out of files
  'src/secrets/residue/find.ts', // looks for known values in files
  'src/secrets/rotation/issuers/anthropic.ts', // logs in as administrator, finds a key by its hint
  'src/secrets/rotation/issuers/aws-iam.ts', // reads a pair of access keys
  'src/secrets/rotation/issuers/openai.ts', // logs in as administrator, finds a key by its hint
  'src/secrets/rotation/journal.ts', // seals a rotation under way
  'src/secrets/rotation/rotate.ts', // tells old and new key apart
  'src/secrets/sealed.ts', // encrypts it for the store
  'src/secrets/vault/client.ts', // logs in to Vault
  'src/secrets/vault/on-demand.ts', // finds the lease of a value
  'src/secrets/vault/login.ts', // the same
  'src/secrets/vault/store.ts', // hands a new version to Vault
]

/** Calls of `.reveal()` outside `allowed`, and files allowed without need. */
export function revelations(files: readonly File[], allowed: readonly string[]): string[] {
  const calls = files.filter(({ path }) => isProduct(path)).flatMap((file) =>
    nodesOf(file, 'MemberExpression')
      .filter(({ property }) => property.type === 'Identifier' && property.name === 'reveal')
      .map((node) => ({ path: file.path, where: at(file, node) })),
  )
  return [
    ...calls
      .filter(({ path }) => !allowed.includes(path))
      .map(({ where }) => `${where}: sees a bare secret and is not on the list`),
    ...allowed
      .filter((path) => !calls.some((call) => call.path === path))
      .map((path) => `${path}: on the list, and reveals nothing`),
  ]
}

// Code assigns to things called `apiKey` all day; here only values count that look like a vendor's by themselves.
const unmistakable = new Set(
  secretPatterns.filter(({ certainty }) => (certainty ?? 'vendor') === 'vendor').map(({ type }) => type),
)

/** What looks like a credential in a file, by line and kind and never by value. */
export function literalSecrets(files: readonly File[]): string[] {
  return files.flatMap(({ path, text }) =>
    findSecrets(text)
      .filter(({ type }) => unmistakable.has(type))
      .map(({ type, start }) => `${path}:${text.slice(0, start).split('\n').length}: looks like ${type}`),
  )
}
