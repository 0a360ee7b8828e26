// long: one list, in the order the patterns are tried
import { beside } from '../beside.ts'
import { joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { entropyOf, isAddressPassword, isPlaceholder, looksGenerated, looksLikePassword, readsAsWords } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

// Not a letter of the value: whatever ends it in prose, JSON, YAML, shells and query strings.
const value = '[^\\s"\'`,;<>&|]'

const secretNames = [
  'secret', 'token', 'bearer', 'api_key', 'apikey', 'api-key', 'api key', 'access_key', 'accesskey', 'access-key',
  'private_key', 'privatekey', 'private-key', 'auth_key', 'authkey', 'auth-key', 'encryption_key', 'signing_key',
  'master_key', 'client_key', 'credential', 'auth_pass', 'app_key', 'appkey',
]

// `token_url`, `credentialsId`, `secretName`: what stands there tells about a secret and is none.
const notAboutIt = '(?!s?[_.-]?(?:id|ur[il]|type|name|file|path|endpoint|length|count|limit|address|contract|mint|symbol|hash|fingerprint|version|alias|ring|format|prefix|expir[a-z]{1,7}|signature)(?![a-z]))'

// Tokens of forms, worth nothing without the session's cookie and new each time. Source: OWASP, CSRF prevention.
const againstForgery = 'csrf|xsrf|csrf[_-]|xsrf[_-]|authenticity[_-]'

// What is called a key in code and data and opens nothing.
const openKeys =
  'websocket|public|cache|primary|foreign|partition|sort|idempotency|row|group|object|storage|map|lookup|index|unique'

/** Places that carry secrets of any shape: URLs, headers, command lines, assignments. */
export const carriers: readonly SecretPattern[] = [
  {
    id: 'url.database-password',
    type: 'database-password',
    title: 'password in a database URL',
    source: 'RFC 3986, userinfo; libpq and MongoDB connection strings',
    certainty: 'context',
    keywords: ['://'],
    anywhere: true,
    shape: joined(
      /(?<=postgres|postgresql|mysql|mariadb|mongodb|srv|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse)/,
      /:\/\/[^\s"'`<>:@\/]{0,80}:(?<secret>[^\s"'`<>@\/]{1,160})@/,
    ),
    accept: isAddressPassword,
    examples: {
      found: [
        `postgres://app:${mark('hunter2')}@db:5432/app`,
        `mongodb://root:${mark('toor')}@db:27017`,
        `redis://:${mark(fill(20))}@cache`,
        `mongodb+srv://u:${mark('p%40ss')}@c.mongodb.net`,
      ],
      passed: ['postgres://app:${PASSWORD}@db', 'postgres://localhost:5432/app', 'mysql://root:<password>@db'],
    },
  },
  {
    id: 'url.password',
    type: 'url-password',
    title: 'password in a URL',
    source: 'RFC 3986, section 3.2.1',
    certainty: 'generic',
    keywords: ['://'],
    anywhere: true,
    shape: /:\/\/[^\s"'`<>:\/]{1,80}:(?<secret>[^\s"'`<>@\/]{3,160})@[A-Za-z0-9[]/,
    // There the token is the user's name: pattern git.oauth-user.
    accept: (password) => isAddressPassword(password) && password !== 'x-oauth-basic',
    examples: {
      found: [`https://bot:${mark('s3cr3t-pw')}@git.example.org/x`],
      passed: ['https://user:password@host', 'https://host:8080/@scope/pkg', 'see http://a and b:c @d'],
    },
  },
  {
    id: 'http.authorization',
    type: 'authorization',
    title: 'credentials in an Authorization header',
    source: 'RFC 9110, section 11.6.2; RFC 6750; RFC 7617',
    certainty: 'generic',
    keywords: ['authorization'],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /authorization["'`\\\]]{0,3}[ \t]{0,4}[:=,][ \t]{0,4}(?:\\?["'`]){0,2}/i,
      /(?:(?:bearer|basic|token|apikey|digest|bot|splunk|negotiate|ntlm|key)[ \t:=]{1,4})?/,
      /(?<secret>[A-Za-z0-9._~+\/=:-]{8,300})/,
    ),
    tail: 'A-Za-z0-9._~+/=-',
    accept: isOpaque,
    examples: {
      found: [`curl -H "Authorization: Basic ${sample('', 24)}"`, `authorization: token ${sample('', 20, 'lower')}`],
      passed: ['Authorization: Bearer $TOKEN', 'authorization: required', 'Authorization: Bearer <token>'],
    },
  },
  {
    id: 'http.bearer',
    type: 'bearer-token',
    title: 'bearer token',
    source: 'RFC 6750, section 2.1',
    certainty: 'generic',
    keywords: ['bearer '],
    ignoreCase: true,
    shape: /bearer[ ]{1,4}(?<secret>[A-Za-z0-9._~+\/-]{16,300}={0,2})/i,
    tail: 'A-Za-z0-9._~+/=-',
    accept: looksGenerated,
    examples: {
      found: [`Bearer ${sample('', 40, 'url')}`],
      passed: ['bearer authentication-scheme-support', 'Bearer YOUR_ACCESS_TOKEN_GOES_HERE'],
    },
  },
  {
    id: 'http.key-header',
    type: 'api-key',
    title: 'key in a custom header',
    source: 'gitleaks rule curl-auth-header',
    certainty: 'generic',
    keywords: [
      'x-api-key', 'api-key:', 'x-auth-token', 'private-token', 'x-vault-token', 'x-access-token', 'x-goog-api-key',
      'apikey:', 'x-jfrog-art-api',
    ],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /(?:x-(?:goog-)?api-key|api-key|apikey|x-auth-token|private-token|x-vault-token|x-access-token|x-jfrog-art-api)["'`]?/i,
      /[ \t]{0,4}[:=][ \t]{0,4}(?:\\?["'`]){0,2}(?<secret>[A-Za-z0-9._~+\/=-]{8,300})/,
    ),
    tail: 'A-Za-z0-9._~+/=-',
    accept: isOpaque,
    examples: { found: [`-H "X-Api-Key: ${sample('', 24)}"`], passed: ['x-api-key: $KEY', 'X-Api-Key: header'] },
  },
  {
    id: 'shell.curl-user',
    type: 'basic-password',
    title: 'password on a curl command line',
    source: 'curl manual, --user',
    certainty: 'generic',
    keywords: ['curl'],
    anywhere: true,
    // A backslash carries the command on to the next line.
    shape: joined(
      /curl(?:[^\n|;\\]|\\\n){0,140}?[ \t\n](?:-u|--user|--proxy-user|-U)[ \t=]{0,3}/,
      /["']?[^\s:"'$]{0,64}:["']?(?<secret>[^\s"']{3,120})/,
    ),
    accept: (password) => !isPlaceholder(password),
    examples: {
      found: [`curl -sS -u admin:${mark('s3cret')} https://x`, `curl --user "bot:${mark(fill(12))}" https://x`],
      passed: ['curl -u "$USER:$PASSWORD" https://x', 'curl -u user:<password> https://x'],
    },
  },
  {
    id: 'shell.flag',
    type: 'password',
    title: 'secret handed to a program on its command line',
    source: 'CWE-214, invocation of process using visible sensitive information',
    certainty: 'generic',
    keywords: ['--password', '--passwd', '--pass', '--token', '--secret', '--api-key', '--access-token', 'sshpass -p'],
    anywhere: true,
    shape: joined(
      /(?:--(?:password|passwd|pass|token|secret|api-key|access-token)[ \t=]{1,3}|sshpass -p[ \t]{0,2})/,
      /["']?(?<secret>[^\s"'`<>|;$-][^\s"'`<>|;]{5,160})/,
    ),
    accept: looksLikePassword,
    examples: {
      found: [`deploy --token ${sample('', 24)} --prod`, `sshpass -p '${mark('Tr0ub4dor#3')}' ssh host`],
      passed: ['docker login --password-stdin', 'run --token $TOKEN', 'hardshell --token FILE',
        'pass --secret name/of-it'],
    },
  },
  {
    id: 'markup.value',
    type: 'password',
    title: 'value attribute beside a name that says password or key',
    source: 'gitleaks rule nuget-config-password; .NET configuration files',
    certainty: 'generic',
    keywords: ['password"', 'apikey"', 'token"', 'secret"', 'connectionstring"'],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      new RegExp(`(?<!${againstForgery})(?:password|apikey|token|secret|connectionstring)"[ \\t]{1,4}`, 'i'),
      /value="(?<secret>[^"<>\s]{8,200})"/,
    ),
    accept: looksLikePassword,
    examples: {
      found: [`<add key="ClearTextPassword" value="${mark('xK2#mP9$vL')}" />`],
      passed: ['<add key="Password" value="%PASSWORD%" />', '<input name="token" value="required">',
        `<input name="authenticity_token" value="${fill(44)}">`],
    },
  },
  {
    id: 'netrc.password',
    type: 'password',
    title: 'password in .netrc',
    source: 'GNU inetutils manual, .netrc',
    certainty: 'context',
    keywords: ['machine '],
    shape: joined(
      /machine[ \t]{1,4}[^\s]{1,100}\s{1,8}login[ \t]{1,4}[^\s]{1,100}\s{1,8}/,
      /password[ \t]{1,4}(?<secret>[^\s]{3,120})/,
    ),
    accept: (password) => !isPlaceholder(password) && /[^a-z]/.test(password),
    examples: {
      found: [`machine api.example.org login bot password ${mark('s3cret')}`],
      passed: ['machine learning login form password reset'],
    },
  },
  {
    id: 'assignment.password',
    type: 'password',
    title: 'value assigned to something called password',
    source: 'CWE-798, use of hard-coded credentials',
    certainty: 'generic',
    keywords: ['password', 'passwd', 'passphrase', 'pwd', 'contraseña', 'passwort'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('password|passwd|passphrase|pwd|contraseña|passwort', `${value}{4,160}`, null),
    tail: value.slice(1, -1),
    accept: (value) => looksLikePassword(value) || looksGenerated(value),
    examples: {
      found: [
        `DB_PASSWORD=${mark('Tr0ub4dor&3'.replace('&', '-'))}`,
        `password: "${mark('correct9Horse!')}"`,
        `{"adminPassword":"${mark('xK2#mP9$vL')}"}`,
      ],
      passed: [
        'password: changeme', 'password = getpass()', 'password: ${DB_PASSWORD}', 'Password: required',
        'password=[REDACTED_PASSWORD]',
      ],
    },
  },
  {
    id: 'assignment.secret',
    type: 'secret',
    title: 'value assigned to something called key, token or secret',
    source: 'CWE-798, use of hard-coded credentials',
    certainty: 'generic',
    keywords: secretNames,
    ignoreCase: true,
    anywhere: true,
    shape: beside(
      `(?<!public|[0-9]:|${againstForgery})(?:${secretNames.join('|')})${notAboutIt}`,
      '[A-Za-z0-9+\\/=_.~!@#$%^*:-]{12,256}',
      null,
    ),
    tail: 'A-Za-z0-9+/=_.~!@#$%^*:-',
    accept: (value) => looksGenerated(value) && !isPlainAddress(value),
    examples: {
      found: [
        `api_key = "${sample('', 32)}"`,
        `"client_secret": "${sample('', 40, 'url')}"`,
        `?access_token=${sample('', 28)}&x=1`,
      ],
      passed: [
        'token = getToken(request)', 'secret: my-kubernetes-secret-name', 'max_tokens: 4096', 'api_key=${API_KEY}',
        'secretKeyRef: openclaw-prod-anthropic2', `csrf-token=${fill(44)}`, `authenticity_token: ${fill(44)}`,
      ],
    },
  },
  {
    id: 'assignment.key',
    type: 'secret',
    title: 'generated value assigned to something whose name ends in key or auth',
    source: 'CWE-798, use of hard-coded credentials; gitleaks rule generic-api-key',
    certainty: 'generic',
    keywords: ['_key', '-key', '_auth', '_pass', '_pwd'],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      new RegExp(`(?<!${openKeys})(?:[_-]key|_auth|_pass|_pwd)(?![A-Za-z])`, 'i'),
      /["'`\]\\]{0,3}[ \t]{0,8}(?:=>|:=|={1,3}|:|,)[ \t]{0,8}(?:\\?["'`]){0,3}/,
      /(?<secret>[A-Za-z0-9+\/=_.~-]{16,256})/,
    ),
    tail: 'A-Za-z0-9+/=_.~-',
    accept: isKeyLike,
    examples: {
      found: [`export EXAMPLECORP_KEY=${sample('', 32)}`, `"flight-key": "${sample('', 24, 'lower')}"`],
      passed: [
        `cache_key = "${fill(32)}"`, 'sort_key: created_at_2024_01_01', `kms-key: ${fillUuid()}`,
        'primary_key=customer-1234567890',
      ],
    },
  },
]

/** Where a token is fetched is no token. What an address carries is another pattern's, or stands in a long part of it. */
function isPlainAddress(value: string): boolean {
  if (!/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(value)) return false
  return !value.split(/[\/?&=#]/).some((part) => part.length >= 16 && !part.includes('@') && looksGenerated(part))
}

/** Numbers of records are UUIDs, and paths and host names hold more than one dot. */
function isKeyLike(value: string): boolean {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i.test(value) || /\..*\./.test(value)) return false
  return looksGenerated(value) && entropyOf(value) >= 3.2
}

/** A header's value is opaque unless it is a reference or a plain word. */
function isOpaque(text: string): boolean {
  return !isPlaceholder(text) && /[0-9]|[a-z][A-Z]/.test(text) && new Set(text).size >= 6 && !readsAsWords(text)
}
