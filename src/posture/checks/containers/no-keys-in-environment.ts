import { defineCheck } from '../../check.ts'
import { composeFile } from '../../compose-services.ts'
import { movedOut, placeFor } from '../../definition-secrets.ts'
import type { ComposeService, ContainersFacts } from '../../facts/containers.ts'
import { inCompose } from '../../facts/residue-services.ts'

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
  // What is in there is out of it; whoever could read it may have it still: a new key belongs in the new place.
  fix: { risk: 'restart', part: 'containers', plan: ({ containers }) => movedOut(written(containers)) },
  examples: {
    pass: { reference: { files: composeFile(['environment:', `  ${sample}: ${"$"}{${sample}}`, `  ${sample}_FILE: /run/secrets/key`, '  TZ: UTC']) }, passed: { files: composeFile(['environment:', `  - ${sample}`]) } },
    fail: { map: { files: composeFile(['environment:', `  ${sample}: 0123456789abcdef`]) }, list: { files: composeFile(['environment:', `  - ${sample}=0123456789abcdef`]) } },
  },
})

function keys({ value: { environment } }: ComposeService): readonly string[] {
  const pairs = Array.isArray(environment) ? environment.map((item) => /^([^=]*)=?(.*)$/s.exec(String(item))!.slice(1, 3)) : Object.entries(environment ?? {}).map(([name, value]) => [name, String(value ?? '')])
  return pairs.filter(([name, value]) => named.test(name!) && value !== '' && !value!.includes('${') && !value!.startsWith('$')).map(([name]) => name!)
}

function written({ composed }: ContainersFacts): Parameters<typeof movedOut>[0] {
  const texts = composed.flatMap(({ path, text, env }) => [[path, text], ...(env === null ? [] : [[placeFor(path, false), env]])] as [string, string][])
  const found = composed.flatMap(({ path, text }) => inCompose(text).filter(({ name, value }) => named.test(name) && value !== '' && !value.includes('$')).map((one) => ({ ...one, path, isUnit: false })))
  return { found, texts: Object.fromEntries(texts), unread: [] }
}
