/**
 * How often the egress proxy's decision is right about URLs, by the functions the proxy decides with, without DNS and
 * without sending anything.
 *
 *   node bench/egress-verdicts.ts FILE.jsonl [--show]
 *
 * FILE holds `{url, label}` a line; label 1 must be denied. Every host that occurs in it is on the list of allowed
 * hosts, on every port that occurs: what is denied is denied for what it is, not for being unlisted. The URLs that must
 * pass are the ordinary ones below, in every form programs write them. Rows are told apart by a hash of their URL: one
 * half may be looked at while the rules are written, the other is only counted.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createCheck, parseHostRule } from '../src/proxy/egress/index.ts'

interface Row {
  url: string
  label: 0 | 1
}

const { values: options, positionals } = parseArgs({ options: { show: { type: 'boolean', default: false } }, allowPositionals: true })
const [file] = positionals
if (file === undefined) throw new Error('node bench/egress-verdicts.ts FILE.jsonl')
const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Row)

const hosts = ['api.example.com', 'www.example.org', 'cdn.example.net', 'b\u00fccher.example.com', '\u043f\u0440\u0438\u043c\u0435\u0440.example.com', 'xn--fsqu00a.example.com', 's3.eu-central-1.example.com', 'a-b.c_d.example.com']
const tails = ['', '/', '/v1/items?q=a%20b&r=1', '/a/@user/x;y=1', '#part', '?only=query', '/redirect?to=https%3A%2F%2Fother.example%2F', '/\u00fcber/\u65e5\u672c']
const benign: Row[] = [
  ...hosts.flatMap((host) => tails.flatMap((tail) => ['https', 'http', 'wss'].map((scheme) => `${scheme}://${host}${tail}`))),
  ...['https://API.Example.COM/', 'HTTPS://api.example.com/', 'https://api.example.com.:443/', 'https://api.example.com:443/', 'http://api.example.com:80/x', 'https://93.184.216.34/', 'https://[2606:2800:220:1:248:1893:25c8:1946]/x', 'https://api.example.com:8443/'],
].map((url) => ({ url, label: 0 }))

const check = createCheck({
  rules: { mode: 'enforce', allowedHosts: [...listed(rows), ...listed(benign), ...hosts, 'api.example.com:8443', '93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'], deniedHosts: ['*'], agents: {}, skills: {} },
  allowPrivate: [],
  allowAllPrivate: false,
})

await count('attacks, the half that was looked at', rows.filter(({ url }) => isDevelopment(url)))
await count('attacks, held out', rows.filter(({ url }) => !isDevelopment(url)), false)
await count('ordinary URLs', benign)

/** As generous as an operator can be: every host as it is written, with and without its port. */
function listed(all: readonly Row[]): string[] {
  const authorities = all.flatMap(({ url }) => /^(?:[a-z]+:)+\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? [])
  return [...new Set(authorities.flatMap((one) => [one, one.replace(/:\d*$/, '')]))].filter((host) => {
    try {
      return Boolean(parseHostRule(host))
    } catch {
      return false
    }
  })
}

async function count(title: string, all: readonly Row[], mayShow = true): Promise<void> {
  let right = 0
  for (const { url, label } of all) {
    const { verdict, rule } = await check(JSON.stringify({ id: 1, method: 'GET', url }))
    if ((verdict === 'deny') === (label === 1)) right++
    else if (options.show && mayShow) console.log(`  ${verdict} ${rule} ${JSON.stringify(url)}`)
  }
  console.log(`${title}: ${right} of ${all.length} right`)
}

function isDevelopment(url: string): boolean {
  return createHash('sha256').update(url).digest()[0]! % 2 === 0
}
