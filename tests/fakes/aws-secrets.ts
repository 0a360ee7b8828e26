import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * As much of AWS Secrets Manager as the store needs, on this machine, for Amazon's own client: written from the public
 * API reference (AWS JSON 1.1), not from the service. A request without a Version 4 signature for the service is
 * refused; whether the signature is right is not computed.
 */
export interface FakeAws {
  endpoint: string
  /** Operation and id of every request, and whether it was signed. */
  seen: { operation: string; id: string; signed: boolean }[]
  behave(mode: 'as-usual' | 'hang' | 'down'): void
  forbid(id: string, forbidden?: boolean): void
  /** Writes a version of a secret, past all rules. */
  write(id: string, text: string): void
  close(): Promise<void>
}

interface Version {
  id: string
  text: string
  stages: string[]
  created: number
}

type Answer = [status: number, body: object]

/** @param port of its own; left out: any */
export async function startFakeAws(port = 0): Promise<FakeAws> {
  const secrets = new Map<string, Version[]>()
  const forbidden = new Set<string>()
  const seen: FakeAws['seen'] = []
  let mode: Parameters<FakeAws['behave']>[0] = 'as-usual'
  const server = createServer((request, reply) => {
    read(request).then(
      ({ operation, body, signed }) => {
        const id = String(body['SecretId'] ?? body['Name'] ?? '')
        seen.push({ operation, id, signed })
        if (mode === 'hang') return
        if (mode === 'down') return send(reply, failure(503, 'ServiceUnavailable'))
        if (!signed) return send(reply, failure(400, 'MissingAuthenticationTokenException'))
        send(reply, forbidden.has(id) ? failure(400, 'AccessDeniedException') : answer(secrets, operation, id, body))
      },
      () => reply.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    behave: (next) => (mode = next),
    forbid: (id, isForbidden = true) => (isForbidden ? forbidden.add(id) : forbidden.delete(id)),
    write: (id, text) => void addVersion(secrets, id, text, randomUUID()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<{ operation: string; body: Record<string, unknown>; signed: boolean }> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  const signature = String(request.headers['authorization'] ?? '')
  return {
    operation: String(request.headers['x-amz-target'] ?? '').replace(/^secretsmanager\./, ''),
    body: JSON.parse(text) as Record<string, unknown>,
    signed:
      /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/[a-z0-9-]+\/secretsmanager\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/.test(signature) &&
      request.headers['x-amz-date'] !== undefined,
  }
}

function send(reply: ServerResponse, [status, body]: Answer): void {
  reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
  reply.end(JSON.stringify(body))
}

function failure(status: number, type: string, message = 'refused by the fake'): Answer {
  return [status, { __type: type, message }]
}

function answer(secrets: Map<string, Version[]>, operation: string, id: string, body: Record<string, unknown>): Answer {
  const versions = secrets.get(id)
  if (operation === 'CreateSecret') return made(id, addVersion(secrets, id, String(body['SecretString']), String(body['ClientRequestToken'])))
  if (!versions) return failure(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
  if (operation === 'GetSecretValue') return value(id, versions, body)
  if (operation === 'PutSecretValue') return made(id, addVersion(secrets, id, String(body['SecretString']), String(body['ClientRequestToken'])))
  if (operation === 'ListSecretVersionIds') {
    const Versions = versions.map(({ id: VersionId, stages, created }) => ({ VersionId, VersionStages: stages, CreatedDate: created }))
    return [200, { ARN: arn(id), Name: id, Versions }]
  }
  if (operation === 'DeleteSecret') {
    secrets.delete(id)
    return [200, { ARN: arn(id), Name: id, DeletionDate: 1_700_000_000 }]
  }
  return failure(400, 'InvalidAction')
}

function value(id: string, versions: Version[], body: Record<string, unknown>): Answer {
  const stage = body['VersionStage'] ?? (body['VersionId'] === undefined ? 'AWSCURRENT' : undefined)
  const found = versions.find((version) => (stage === undefined ? version.id === body['VersionId'] : version.stages.includes(String(stage))))
  if (!found) return failure(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret value for staging label.")
  const { text, stages, created } = found
  return [200, { ARN: arn(id), Name: id, VersionId: found.id, SecretString: text, VersionStages: stages, CreatedDate: created }]
}

/** The new one is AWSCURRENT, the one before AWSPREVIOUS; a repeated token makes no second version. */
function addVersion(secrets: Map<string, Version[]>, id: string, text: string, token: string): Version {
  const versions = secrets.get(id) ?? []
  const same = versions.find((version) => version.id === token)
  if (same) return same
  for (const version of versions) version.stages = version.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : []
  const version: Version = { id: token, text, stages: ['AWSCURRENT'], created: 1_700_000_000 + versions.length * 60 }
  secrets.set(id, [...versions, version])
  return version
}

function made(id: string, { id: VersionId, stages }: Version): Answer {
  return [200, { ARN: arn(id), Name: id, VersionId, VersionStages: stages }]
}

function arn(id: string): string {
  return `arn:aws:secretsmanager:us-east-1:111122223333:secret:${id}`
}
