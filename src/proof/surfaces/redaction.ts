import { askProbe, type ProbePorts } from '../ask-probe.ts'
import { backwards, fakeSecret } from '../fake-secret.ts'
import type { FindEntry, HttpReply } from '../ports.ts'
import { streamedText } from '../streamed-text.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * Redaction: a secret in a prompt does not reach the model, and one in an answer, cut over the events of a stream,
 * does not reach whoever asked.
 */
export function redactionSurface(ports: ProbePorts & { findEntry: FindEntry }): Surface {
  return {
    id: 'redaction',
    title: 'secrets are taken out of what a model reads and of what it says',
    async prove(nonce, signal) {
      const prompt = `HARDSHELL-REDACTION ${nonce} my key is ${fakeSecret(nonce, 'heard')}`
      const reply = await askProbe(ports, { nonce, prompt, stream: true }, signal)
      return await judge(reply, { nonce, findEntry: ports.findEntry })
    },
  }
}

async function judge(
  reply: HttpReply,
  { nonce, findEntry }: { nonce: string; findEntry: FindEntry },
): ReturnType<Surface['prove']> {
  const text = streamedText(reply.body)
  if (!text.includes('HEARD<<')) return broken(`the probe's model did not answer (HTTP ${reply.status})`)
  if (text.includes(backwards(fakeSecret(nonce, 'heard')))) return broken('a secret in a prompt reached the model')
  if (text.includes(fakeSecret(nonce, 'said'))) return broken('a secret in a streamed answer reached the client')
  const visit = reply.headers['x-hardshell-visit'] ?? 'no visit'
  const entry = await findEntry(visit, ({ detail }) => Number(detail?.['redacted_in']) > 0 && Number(detail?.['redacted_out']) > 0)
  return entry ? held('taken out of prompt and stream; both counted in the log') : broken('the redaction is not in the audit log')
}
