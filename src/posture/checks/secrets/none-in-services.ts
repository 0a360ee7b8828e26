import { defineCheck } from '../../check.ts'
import { movedOut } from '../../definition-secrets.ts'

const made = 'q8Wz3Rv6Tn1Xb5Ym9Kc2Lp7'

export default defineCheck({
  id: 'secrets.none-in-services',
  title: 'definitions of services hold no keys',
  severity: 'high',
  why: 'systemctl show and docker inspect print them to every user of the machine, and both files are backed up',
  source: 'systemd.exec(5), Environment=: not for secrets; guide 1, secrets',
  needs: ['serviceSecrets'],
  judge({ serviceSecrets: { found, unread } }) {
    if (found.length === 0 && unread[0]) throw new Error(`${unread[0].path} could not be looked into: ${unread[0].why}`)
    return found.map(({ path, line, name }) => ({ at: `${path}:${line}`, saw: `a value for ${name}`, want: 'a file of mode 600 the definition names; better LoadCredential= or secrets:' }))
  },
  fix: { risk: 'restart', part: 'systemd', plan: ({ serviceSecrets }) => movedOut(serviceSecrets) },
  examples: {
    pass: {
      file: { config: {}, files: { '~/.config/systemd/user/openclaw-gateway.service': '[Service]\nEnvironment=NODE_ENV=production\nEnvironmentFile=%h/.openclaw/.env\n' } },
      compose: { config: {}, files: { '~/docker-compose.yml': 'services:\n  openclaw:\n    environment:\n      - API_KEY=${API_KEY}\n      MAX_TOKENS: 4096\n' } },
    },
    fail: {
      unit: { config: {}, files: { '/etc/systemd/system/openclaw.service': `[Service]\nEnvironment="SOME_API_KEY=${made}" LANG=C\nEnvironment=OTHER_TOKEN=${made}\n` } },
      compose: { config: {}, files: { '~/openclaw/docker-compose.yml': `services:\n  openclaw:\n    environment:\n      SOME_API_KEY: ${made}\n      - "B_TOKEN=${made}"\n`, '~/openclaw/.env': 'A=b' } },
    },
  },
})
