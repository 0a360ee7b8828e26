// long: one list, each entry with its examples
import { readBase64 } from '../base64.ts'
import { joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { isPlaceholder, looksGenerated, looksLikePassword } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

const sessionCookies = [
  'phpsessid', 'jsessionid', 'connect.sid', 'asp.net_sessionid', 'laravel_session', 'ci_session', 'sessionid',
  '_session_id', '.aspxauth', '.aspnetcore.cookies', 'remember_token', 'next-auth.session-token',
  'authjs.session-token', '__host-session', '__secure-session',
]

/** Files whose format says where the secret stands: the name beside it may be `auth`, `d`, or none at all. */
export const files: readonly SecretPattern[] = [
  {
    id: 'docker.auth',
    type: 'registry-password',
    title: 'user and password of an image registry in config.json',
    source: 'Docker docs, docker login: auths are user:password in base64',
    certainty: 'context',
    keywords: ['auth"', 'auth\\"'],
    anywhere: true,
    shape: /(?<=")auth\\?"[ \t]{0,4}:[ \t]{0,4}\\?"(?<secret>[A-Za-z0-9+\/]{8,400}={0,2})\\?"/,
    accept: (text) => /^[ -~]{1,200}:[ -~]{1,300}$/.test(readBase64(text)),
    examples: {
      found: [
        `{"auths": {"quay.io": {"auth": "${mark(btoa(`robot:${fill(24)}`))}", "email": ""}}}`,
        `{\\"auths\\":{\\"quay.io\\":{\\"auth\\":\\"${mark(btoa(`robot:${fill(24)}`))}\\"}}}`,
      ],
      passed: ['{"auth": "required"}', `{"auth": "${btoa('no colon in here')}"}`, '"oauth": "Z29vZ2xlOm9hdXRo"'],
    },
  },
  {
    id: 'pgpass.password',
    type: 'database-password',
    title: 'password in .pgpass',
    source: 'PostgreSQL docs, the password file: hostname:port:database:username:password',
    certainty: 'context',
    keywords: [':5432:'],
    anywhere: true,
    shape: /:5432:[\w.*-]{1,63}:[\w.*@-]{1,63}:(?<secret>[^\s:"'`<>{}$]{3,120})(?![^\s])/,
    accept: (password) => !isPlaceholder(password),
    examples: {
      found: [`db.example.org:5432:app:app:${mark('s3cret-pw')}\n`],
      passed: ['localhost:5432:app:app:password\n', 'ports: "5432:5432"'],
    },
  },
  {
    id: 'xml.element',
    type: 'password',
    title: 'element of XML whose name says that it holds a secret',
    source: 'FileZilla and Maven settings; Jenkins credentials.xml, where {AQAAAB… is its own encryption',
    certainty: 'generic',
    keywords: ['<pass', '<secret', '<token>', '<api', '<client', '<access', '<private'],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /<(?:pass(?:word|phrase|wd)?|secret(?:key)?|token|api-?(?:key|token)|client-?secret|access-?(?:key|token)|private-?key)/i,
      /(?:[ ][a-z]{1,12}="[\w.-]{0,20}"){0,2}>\{?(?<secret>[^<>\n{}$]{6,300})\}?<\//,
    ),
    accept: (text) => text.split(/\s/).some((word) => looksGenerated(word) || looksLikePassword(word)),
    examples: {
      found: [
        `<Pass encoding="base64">${mark(btoa(`${fill(12)}!`))}</Pass>`,
        `<password>{${mark(`AQAAABAAAAAQ${fill(44, 'base64')}`)}}</password>`,
        `<Pass>${mark('blueBerry-123')}</Pass>`,
      ],
      passed: ['<password>${env.PASSWORD}</password>', '<Pass>password</Pass>', '<token>string of letters</token>'],
    },
  },
  {
    id: 'jwk.private',
    type: 'private-key',
    title: 'private or symmetric part of a JSON Web Key',
    source: 'RFC 7518, sections 6.2.2, 6.3.2 and 6.4: d, p, q, dp, dq, qi, k in base64url',
    certainty: 'context',
    keywords: ['"d"', '"p"', '"q"', '"dp"', '"dq"', '"qi"', '"k"'],
    anywhere: true,
    shape: /"(?:d[pq]?|p|qi?|k)"[ \t]{0,4}:[ \t]{0,4}"(?<secret>[A-Za-z0-9_-]{42,256})/,
    tail: 'A-Za-z0-9_-',
    accept: looksGenerated,
    examples: {
      found: [`{"kty":"EC","crv":"P-256","d":"${sample('', 43, 'url')}"}`, `"qi" : "${sample('', 171, 'url')}"`],
      passed: [`"d": "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10"`, `"x":"${fill(43, 'url')}"`, '"k": "short"'],
    },
  },
  {
    id: 'ado.password',
    type: 'database-password',
    title: 'password in a connection string of pairs',
    source: 'Microsoft docs, connection string syntax (ODBC, OLE DB, ADO.NET)',
    certainty: 'context',
    keywords: ['user id', 'uid=', 'uid =', 'user=', 'username=', 'userid='],
    ignoreCase: true,
    shape: joined(
      /(?:user ?id|uid|user(?:name)?)[ ]?=[^;"'\n]{1,80};(?:[^;"'\n=]{1,30}=[^;"'\n]{0,60};){0,2}[ ]{0,2}(?:password|pwd)[ ]?=/i,
      /[ ]?(?<secret>[^;"'\s<>{}]{3,100})(?![^;"'\s])/,
    ),
    accept: (password) => !isPlaceholder(password),
    examples: {
      found: [`Server=db;Database=app;User Id=app;Password=${mark('goodspec')};Encrypt=true`],
      passed: ['Server=db;User Id=app;Password={pw};', 'User ID=app;Password=secret;', 'user=app; and so on'],
    },
  },
  {
    id: 'sql.identified-by',
    type: 'database-password',
    title: 'password in a statement that makes or changes a user',
    source: 'MySQL and Oracle reference, CREATE USER … IDENTIFIED BY',
    certainty: 'context',
    keywords: ['identified by ', 'identified with '],
    ignoreCase: true,
    shape: joined(
      /identified (?:with [\w"'`]{1,40} )?(?:by|as) (?:password )?(?:\\?["'`])?/i,
      /(?<secret>[^\s"'`;\\<>{}$]{4,120})/,
    ),
    accept: (password) => looksLikePassword(password) || looksGenerated(password),
    examples: {
      found: [`ALTER USER 'root'@'%' IDENTIFIED WITH caching_sha2_password BY '${mark('SqLpa5sW0rD')}';`,
        `CREATE USER app IDENTIFIED BY ${mark('SqLpa5sW0rD')};`],
      passed: ["CREATE USER app IDENTIFIED BY '<password>'", 'is identified by name and date', 'identified by `schema:`'],
    },
  },
  {
    id: 'terraform.default',
    type: 'secret',
    title: 'default of a variable whose name says that it is secret',
    source: 'Terraform docs, input variables; CWE-798',
    certainty: 'generic',
    keywords: ['variable "'],
    shape: joined(
      /variable "[a-z0-9_-]{0,40}(?:token|secret|password|passwd|_key|credentials?)" ?\{[^{}]{0,160}?/,
      /default[ \t]{1,12}=[ \t]{1,4}"(?<secret>[^"\s]{6,200})"/,
    ),
    accept: (value) => looksGenerated(value) || looksLikePassword(value),
    examples: {
      found: [`variable "corp_api_token" {\n  type    = string\n  default = "${sample('', 32)}"\n}`],
      passed: ['variable "db_password" {\n  default = "changeme"\n}', 'variable "region" {\n default = "eu-west-1"\n}'],
    },
  },
  {
    id: 'django.secret-key',
    type: 'secret',
    title: 'SECRET_KEY of Django or Flask',
    source: 'Django docs, settings: SECRET_KEY, 50 letters, digits and signs',
    certainty: 'context',
    keywords: ['SECRET_KEY'],
    anywhere: true,
    shape: /SECRET_KEY["']?[ \t]{0,8}[=:][ \t]{0,4}["'](?<secret>[^\s"'<>]{32,128})["']/,
    accept: (key) => new Set(key).size >= 12 && /[^A-Za-z]/.test(key) && !isPlaceholder(key),
    examples: {
      found: [`SECRET_KEY = '${mark(`${fill(24, 'lower')}&(^${fill(22, 'lower')}+`)}'`],
      passed: ["SECRET_KEY = os.environ['SECRET_KEY']", "SECRET_KEY = 'dev'"],
    },
  },
  {
    id: 'kubeadm.token',
    type: 'kubernetes-token',
    title: 'token with which a node joins a cluster',
    source: 'Kubernetes docs, bootstrap tokens: [a-z0-9]{6}.[a-z0-9]{16}',
    certainty: 'context',
    keywords: ['--token', '--tls-bootstrap-token', '--discovery-token'],
    shape: /--(?:tls-bootstrap-|discovery-)?token[ =](?<secret>[a-z0-9]{6}\.[a-z0-9]{16})(?![A-Za-z0-9.-])/,
    examples: {
      found: [`kubeadm join 10.0.0.1:6443 --token ${mark(`${fill(6, 'lower')}.${fill(16, 'lower')}`)}`],
      passed: ['--token vendor.readthedocs', '--token-file a.b'],
    },
  },
  {
    id: 'jenkins.first-password',
    type: 'password',
    title: 'password Jenkins prints at its first start',
    source: 'Jenkins handbook, unlocking Jenkins',
    certainty: 'context',
    keywords: ['password to proceed to installation'],
    shape: /password to proceed to installation:?[\s*\\rn]{1,12}(?<secret>[a-f0-9]{32})(?![A-Za-z0-9])/,
    examples: {
      found: [`Please use the following password to proceed to installation:\n\n${sample('', 32, 'hex')}\n`],
      passed: ['password to proceed to installation: see the log'],
    },
  },
  {
    id: 'vault.unseal-key',
    type: 'vault-unseal-key',
    title: 'Vault unseal key',
    source: 'Vault docs, operator init: shares in base64 or hex',
    certainty: 'context',
    keywords: ['Unseal Key ', 'Recovery Key '],
    shape: /(?:Unseal|Recovery) Key [0-9]{1,2}: (?<secret>[A-Za-z0-9+\/]{43,66}={0,2})/,
    accept: looksGenerated,
    examples: { found: [`Unseal Key 2: ${sample('', 44, 'base64')}`], passed: ['Unseal Key 1: (hidden)'] },
  },
  {
    id: 'http.session-cookie',
    type: 'session-cookie',
    title: 'cookie that is a session',
    source: 'OWASP session management cheat sheet: names of common frameworks; RFC 6265bis, name prefixes',
    certainty: 'context',
    keywords: sessionCookies.map((name) => `${name}=`),
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      new RegExp(`(?:${sessionCookies.join('|').replaceAll('.', '\\.')})`, 'i'),
      /=(?<secret>[A-Za-z0-9%._~+\/:|-]{20,256})/,
    ),
    tail: 'A-Za-z0-9%._~+/:|=-',
    accept: (value) => looksGenerated(value) && !isUuid(value),
    examples: {
      found: [`Cookie: theme=dark; sessionid=${sample('', 32, 'lower')}; lang=de`,
        `Set-Cookie: connect.sid=${mark(`s%3A${fill(32)}.${fill(43)}`)}; Path=/; HttpOnly`],
      passed: ['sessionId=agent:main:direct:1234567', 'PHPSESSID=deleted', 'sessionid={value}'],
    },
  },
]

/** OpenClaw and many others number what happens by UUIDs and call them session ids: these open nothing. */
function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.test(value)
}
