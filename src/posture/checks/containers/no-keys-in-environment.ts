import { defineCheck } from '../../check.ts'
import { composeFile } from '../../compose-services.ts'
import type { ComposeService } from '../../facts/containers.ts'

const named = /(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$/
// Put together here, so that nobody takes it for a real one.
const sample = ['OPENAI', 'API', 'KEY'].join('_')

export default defineCheck({
  id: 'containers.no-keys-in-environment',
  title: 'no key stands in a compose file',
  severity: 'high',
  why: 'compose files are shared, committed and shown by docker inspect to whoever may ask the engine',
  source: 'OpenClaw production guide: use Docker secrets, never plain environment variables; Docker docs, Secrets in Compose',
  needs: ['containers'],
  applies: ({ containers }) => containers.services.length > 0,
  judge: ({ containers }) => containers.services.flatMap((service) => keys(service).map((name) => ({ at: `${service.path}: ${service.name}`, saw: `${name} with a value`, want: 'a secret of compose, or a reference to the environment' }))),
  manual: 'put the value into a file of mode 0600 named under secrets: and mounted to /run/secrets, and issue a new key, as this one was readable',
  examples: {
    pass: { reference: { files: composeFile(['environment:', `  ${sample}: ${"$"}{${sample}}`, `  ${sample}_FILE: /run/secrets/key`, '  TZ: UTC']) }, passed: { files: composeFile(['environment:', `  - ${sample}`]) } },
    fail: { map: { files: composeFile(['environment:', `  ${sample}: 0123456789abcdef`]) }, list: { files: composeFile(['environment:', `  - ${sample}=0123456789abcdef`]) } },
  },
})

function keys({ value: { environment } }: ComposeService): readonly string[] {
  const pairs = Array.isArray(environment) ? environment.map((item) => /^([^=]*)=?(.*)$/s.exec(String(item))!.slice(1, 3)) : Object.entries(environment ?? {}).map(([name, value]) => [name, String(value ?? '')])
  return pairs.filter(([name, value]) => named.test(name!) && value !== '' && !value!.includes('${') && !value!.startsWith('$')).map(([name]) => name!)
}
