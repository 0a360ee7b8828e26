import type { HttpReply, SendHttp } from './ports.ts'

/** What a surface needs to speak to the probe's model, through the whole model path. */
export interface ProbePorts {
  /** Where the model proxy listens. */
  url: () => string
  probeKey: () => string
  /** Puts a turn of an agent that exists for proofs only on the turn book and returns its `traceparent`. */
  announce: (nonce: string) => string
  send: SendHttp
}

/** One chat completion of the probe's model. @param more of the request's body beside model and message */
export async function askProbe(ports: ProbePorts, { nonce, prompt, ...more }: { nonce: string; prompt: string; stream?: true; max_tokens?: number }, signal: AbortSignal): Promise<HttpReply> {
  return await ports.send(`${ports.url()}/p/hardshell-probe/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ports.probeKey()}`, 'content-type': 'application/json', traceparent: ports.announce(nonce) },
    body: JSON.stringify({ model: 'probe', ...more, messages: [{ role: 'user', content: prompt }] }),
    signal,
  })
}
