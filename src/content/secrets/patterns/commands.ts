import { joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { isPlaceholder, looksGenerated, readsAsWords } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

const flag = /(?:-u|--user|--proxy-user|-U)(?:=|[ \t]{0,5})/
// A backslash carries a command on to the next line; in scripts people forget it.
const curl = /curl(?:[^\n|;]|\n(?![\s])){0,140}?[ \t\n]/

/** Secrets in command lines and in what people hand to clusters as YAML. */
export const commands: readonly SecretPattern[] = [
  {
    id: 'curl.header',
    type: 'secret',
    title: 'key or token in a header of a command line',
    source: 'curl manual, --header; gitleaks rule curl-auth-header',
    certainty: 'generic',
    keywords: ['-h "', "-h '", '-h"', "-h'", '--header "', "--header '", '--header="', "--header='"],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /(?:-h|--header)[= ]?["'](?:authorization|[a-z-]{0,24}(?:key|token)):[ \t]{0,5}/i,
      /(?:(?:bearer|basic|token|api-token|apikey|digest|bot|key)[ \t]{1,4})?(?<secret>[\w=~@.+\/-]{8,300})["']/,
    ),
    accept: isOpaque,
    examples: {
      found: [`curl -H "Token: ${sample('', 20)}" https://x`, `curl --header='X-Fish-Key: ${sample('', 24, 'lower')}' x`],
      passed: ['curl -H "Token: $TOKEN" https://x', "curl -H 'X-Key: application/json' x"],
    },
  },
  {
    id: 'curl.quoted-user',
    type: 'basic-password',
    title: 'password with blanks, or quoted by itself, on a curl command line',
    source: 'curl manual, --user',
    certainty: 'generic',
    keywords: ['curl'],
    anywhere: true,
    shape: joined(curl, flag, /(?:"[^:"\n$]{0,64}:|'[^:'\n$]{0,64}:|"[^"\n$]{1,64}":"|'[^'\n$]{1,64}':')(?<secret>[^"'\n]{3,120})["']/),
    accept: (password) => !isPlaceholder(password) && !password.startsWith('$'),
    examples: {
      found: [`curl -u "bot:${mark('three small words')}" https://x`, `curl --user 'bot':'${mark('s3cret')}' https://x`],
      passed: ['curl -u "$USER:$PASSWORD" https://x', 'curl -u "user:<password>" https://x'],
    },
  },
  {
    id: 'curl.key-as-user',
    type: 'basic-password',
    title: 'key in place of a user name, without a password',
    source: 'Stripe docs, authentication: curl -u KEY:',
    certainty: 'generic',
    keywords: ['curl'],
    anywhere: true,
    shape: joined(curl, flag, /["']?(?<secret>[\w.~+\/=-]{12,160}):["']?(?![^\s])/),
    accept: looksGenerated,
    examples: {
      found: [`curl https://x -u ${sample('', 32)}:`, `curl https://x -u "${sample('', 32, 'hex')}:" -d a=1`],
      passed: ['curl -u some-user-name: https://x', 'curl https://x -u $KEY:'],
    },
  },
  {
    id: 'git.oauth-user',
    type: 'url-password',
    title: 'token in place of the user name in an address of a repository',
    source: 'GitHub docs, HTTP access with OAuth: https://TOKEN:x-oauth-basic@github.com',
    certainty: 'context',
    keywords: [':x-oauth-basic@'],
    lead: { class: 'A-Za-z0-9_.~-', most: 64 },
    shape: /(?<secret>[A-Za-z0-9_.~-]{8,64}):x-oauth-basic@/,
    accept: (token) => !isPlaceholder(token),
    examples: {
      found: [`git clone https://${sample('', 40, 'hex')}:x-oauth-basic@github.com/a/b`],
      passed: ['https://${TOKEN}:x-oauth-basic@github.com/a/b', 'https://your-token:x-oauth-basic@github.com'],
    },
  },
  {
    id: 'kubernetes.secret',
    type: 'kubernetes-secret',
    title: 'first value of a Kubernetes Secret',
    source: 'Kubernetes docs, Secrets; gitleaks rule kubernetes-secret-yaml',
    certainty: 'context',
    keywords: ['kind: secret', 'kind: "secret"', "kind: 'secret'", '"kind": "secret"', '"kind":"secret"'],
    ignoreCase: true,
    shape: joined(
      /"?kind"?: ?["']?secret["']?(?![\w-])[^]{0,200}?[\s"{,](?:stringd|d)ata"?:[ \t]{0,4}\{?\s{1,16}/i,
      /["']?[\w.-]{1,60}["']?:[ \t]{0,4}(?:[|>][+-]?\s{1,16})?["']?(?<secret>[A-Za-z0-9+\/]{10,100}={0,2})/,
    ),
    tail: 'A-Za-z0-9+/=',
    accept: (value) => !isPlaceholder(value) && /[A-Z0-9]/.test(value),
    examples: {
      found: [`kind: Secret\nmetadata:\n  name: db\ndata:\n  extra: ${mark(btoa(fill(20)))}\n`],
      passed: ['kind: Secret\nmetadata:\n  name: db\ndata:\n  extra: {{ .Values.extra }}\n', 'kind: SecretStore\ndata:\n  a: QUJDREVGR0hJSg=='],
    },
  },
  {
    id: 'kubernetes.sorted-secret',
    type: 'kubernetes-secret',
    title: 'first value of a Kubernetes Secret as kubectl prints it: data before kind',
    source: 'Kubernetes docs, kubectl get secret -o yaml',
    certainty: 'context',
    keywords: ['data:\n'],
    shape: joined(
      /data:\n[ ]{1,8}[\w.-]{1,60}:[ ]{1,4}(?<secret>[A-Za-z0-9+\/]{10,100}={0,2})\n/,
      /(?:[ ]{1,8}[\w.-]{1,60}:[ ]{1,4}[A-Za-z0-9+\/=]{0,60}\n){0,2}kind: Secret(?![\w-])/,
    ),
    examples: {
      found: [`data:\n  extra: ${mark(btoa(fill(20)))}\nkind: Secret\n`],
      passed: ['data:\n  greeting: HelloWorldAgain\nkind: ConfigMap\n'],
    },
  },
]

/** A header's value is opaque unless it is a reference or a plain word. */
function isOpaque(text: string): boolean {
  return !isPlaceholder(text) && /[0-9]|[a-z][A-Z]/.test(text) && new Set(text).size >= 6 && !readsAsWords(text)
}
