import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { HardshellError, Secret, isLoopback, isNodeError, messageOf } from '../base/index.ts'

/** Where the guard's front door is, and what opens it. */
export interface Connection {
  url: URL
  token: Secret
}

/** What finding a connection needs from outside. */
export interface ConnectionPorts {
  env: Readonly<Record<string, string | undefined>>
  home: string
  isRoot: boolean
  /** @returns `null` when there is no such file */
  read(path: string): Promise<string | null>
}

/** This process. */
export function processPorts(): ConnectionPorts {
  return {
    env: process.env,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
    async read(path) {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if (isNodeError(error, 'ENOENT')) return null
        throw error
      }
    },
  }
}

/**
 * Options first, then HARDSHELL_URL, HARDSHELL_TOKEN and HARDSHELL_TOKEN_FILE, then `connection.json` in the guard's
 * state folder (`<state>/guard` or `<state>`), which `hardshell start` writes: `{ url, tokenFile }`.
 * @throws HardshellError `sdk.not-connected` naming what is missing; `sdk.insecure-address` for http:// beyond loopback
 */
export async function findConnection(
  given: { url?: string; token?: string; dangerouslyAllowPlainHttp?: boolean },
  ports: ConnectionPorts,
): Promise<Connection> {
  const { env } = ports
  const url = given.url ?? env['HARDSHELL_URL']
  const token = given.token ?? env['HARDSHELL_TOKEN'] ?? (await tokenIn(env['HARDSHELL_TOKEN_FILE'], ports))
  const file = url === undefined || token === undefined ? await readConnectionFile(ports) : null
  const foundUrl = url ?? file?.url
  // The file's token belongs to the file's address: it is not sent anywhere else.
  const belongs = url === undefined || url === file?.url
  const foundToken = token ?? (belongs ? await tokenIn(file?.tokenFile, ports) : undefined)
  if (!foundUrl) throw notConnected('no address of a guard', 'start one with `hardshell start`, or set HARDSHELL_URL')
  if (!foundToken) throw notConnected(`no token for ${foundUrl}`, 'set HARDSHELL_TOKEN_FILE or HARDSHELL_TOKEN')
  return { url: checkedUrl(foundUrl, given.dangerouslyAllowPlainHttp ?? false), token: new Secret(foundToken) }
}

async function readConnectionFile(ports: ConnectionPorts): Promise<{ url: string; tokenFile: string } | null> {
  const state = ports.env['HARDSHELL_STATE'] ?? (ports.isRoot ? '/var/lib/hardshell' : join(ports.home, '.hardshell'))
  // HARDSHELL_STATE may name the whole state or, where only that part is mounted, the guard's folder in it.
  for (const path of [join(state, 'guard', 'connection.json'), join(state, 'connection.json')]) {
    const text = await readNamed(path, ports)
    if (text !== null) return parseConnection(path, text)
  }
  return null
}

function parseConnection(path: string, text: string): { url: string; tokenFile: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw notConnected(`${path} is not JSON`, 'restart the guard: `hardshell start` writes it anew', cause)
  }
  const { url, tokenFile } = (parsed ?? {}) as Record<string, unknown>
  if (typeof url !== 'string' || typeof tokenFile !== 'string') {
    throw notConnected(`${path} lacks url or tokenFile`, 'restart the guard: `hardshell start` writes it anew')
  }
  return { url, tokenFile: resolve(dirname(path), tokenFile) }
}

async function tokenIn(path: string | undefined, ports: ConnectionPorts): Promise<string | undefined> {
  if (path === undefined) return undefined
  const token = (await readNamed(path, ports))?.trim()
  if (!token) throw notConnected(`${path} holds no token`, 'see who may read it, and `hardshell status`')
  return token
}

async function readNamed(path: string, ports: ConnectionPorts): Promise<string | null> {
  try {
    return await ports.read(path)
  } catch (cause) {
    throw notConnected(`cannot read ${path}: ${messageOf(cause)}`, 'run as the user the guard was started by', cause)
  }
}

function checkedUrl(text: string, plainHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw notConnected(`${JSON.stringify(text)} is not an http or https address`, 'write it as https://host:port')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:' && host !== 'localhost' && !isLoopback(host) && !plainHttp) {
    throw new HardshellError('sdk.insecure-address', `${url.origin}: the token would travel in clear text`, {
      hint: 'use https://, or dangerouslyAllowPlainHttp: true inside a network nobody else is in',
    })
  }
  return url
}

function notConnected(message: string, hint: string, cause?: unknown): HardshellError {
  return new HardshellError('sdk.not-connected', message, { hint, cause })
}
