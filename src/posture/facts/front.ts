import { X509Certificate } from 'node:crypto'
import { parseNginx, readNginxFiles, type Machine, type NginxDirective, type NginxFiles } from '../../host/index.ts'
import { frontPorts } from '../gateway-ports.ts'
import { numberAt } from '../config-values.ts'
import { DoesNotArise, linuxOf, type Ask, type FactReader } from '../subject.ts'

/** nginx, where it stands in front of OpenClaw or of the guard. Other servers of it are nobody's business here. */
export interface FrontFacts {
  files: NginxFiles
  servers: readonly FrontServer[]
  /** Files named by `ssl_certificate` and `ssl_certificate_key` of these servers. */
  certificates: readonly { path: string; endsMs: number }[]
  keys: readonly { path: string; mode: number; uid: number; gid: number }[]
  now: number
}

export interface FrontServer {
  /** Its block. */
  block: NginxDirective
  /** What stands around it and holds for it as well. */
  outer: readonly NginxDirective[]
  /** Answers in TLS. */
  tls: boolean
  /** Answers in plain text, for everybody. */
  plain: boolean
  /** Hands requests on to OpenClaw or the guard. */
  proxies: boolean
}

export const front: FactReader<FrontFacts> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const files = await readNginxFiles(host)
    if (files === null) throw new DoesNotArise('no nginx is installed')
    const tree = parseNginx(files)
    const http = tree.filter(({ name }) => name === 'http').flatMap(({ children }) => children)
    const targets = await targetsOf(ask, http)
    const all = http.filter(({ name }) => name === 'server').map((block) => serverOf(block, http, targets))
    const names = new Set(all.filter(({ proxies }) => proxies).flatMap(({ block }) => namesOf(block)))
    // The plain twin of a front that redirects to it belongs to it.
    const servers = all.filter(({ proxies, block }) => proxies || namesOf(block).some((name) => names.has(name)))
    if (!servers.some(({ proxies }) => proxies)) throw new DoesNotArise('nginx does not stand in front of OpenClaw')
    return { files, servers, now: subject.now, ...(await tlsFiles(host, servers)) }
  },
}

async function targetsOf(ask: Ask, http: readonly NginxDirective[]): Promise<RegExp> {
  const own = await ask('config').then((config) => numberAt(config, 'gateway.port')).catch(() => undefined)
  const ports = [...frontPorts, ...(own === undefined ? [] : [own])].join('|')
  const upstreams = http.filter(({ name, children }) => name === 'upstream' && children.some((child) => child.name === 'server' && new RegExp(`:(${ports})$`).test(child.args[0] ?? ''))).map(({ args }) => args[0]!)
  const named = upstreams.map((name) => name.replaceAll(/[^\w.-]/g, '.')).join('|')
  return new RegExp(`^https?://((127\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::1\\]|openclaw[\\w.-]*):(${ports})${named === '' ? '' : `|(${named})`})(/|$)`, 'i')
}

function serverOf(block: NginxDirective, http: readonly NginxDirective[], targets: RegExp): FrontServer {
  const listens = block.children.filter(({ name }) => name === 'listen')
  const tls = listens.some(({ args }) => args.includes('ssl') || args.includes('quic'))
  const outside = listens.filter(({ args }) => !/^(127\.|localhost|\[::1\]|unix:)/.test(args[0] ?? ''))
  return {
    block,
    outer: http.filter(({ children }) => children.length === 0),
    tls,
    plain: listens.length === 0 || outside.some(({ args }) => !args.includes('ssl') && !args.includes('quic')),
    proxies: everywhere(block).some(({ name, args }) => name === 'proxy_pass' && targets.test(args[0] ?? '')),
  }
}

function namesOf(block: NginxDirective): readonly string[] {
  return block.children.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args).filter((name) => name !== '_')
}

/** The directive and everything in it. */
export function everywhere(directive: NginxDirective): readonly NginxDirective[] {
  return [directive, ...directive.children.flatMap(everywhere)]
}

async function tlsFiles(host: Machine, servers: readonly FrontServer[]): Promise<Pick<FrontFacts, 'certificates' | 'keys'>> {
  const said = servers.flatMap(({ block, outer }) => [...everywhere(block), ...outer])
  const paths = (name: string): string[] => [...new Set(said.filter((one) => one.name === name && (one.args[0] ?? '').startsWith('/')).map(({ args }) => args[0]!))]
  const certificates = await Promise.all(paths('ssl_certificate').map(async (path) => {
    const pem = await host.text(path)
    return pem === null ? [] : [{ path, endsMs: new X509Certificate(pem).validToDate.getTime() }]
  }))
  const keys = await Promise.all(paths('ssl_certificate_key').map(async (path) => {
    const link = await host.status(path)
    // Let's Encrypt links live/ to archive/: the mode that counts is that of the file.
    const real = link?.kind === 'link' ? new URL(link.target!, `file://${path}`).pathname : path
    const status = await host.status(real)
    return status === null || status.kind !== 'file' ? [] : [{ path: real, mode: status.mode, uid: status.uid, gid: status.gid }]
  }))
  return { certificates: certificates.flat(), keys: keys.flat() }
}
