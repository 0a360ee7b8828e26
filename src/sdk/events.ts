import { HardshellError } from '../base/index.ts'

// An event of a chat completion is a few hundred bytes; 1 MiB is far beyond one and far below what hurts.
const maxEventUnits = 1_048_576

/**
 * The `data` of each server-sent event of a stream, as it arrives.
 * Source: WHATWG HTML, section 9.2.6, without `event`, `id` and `retry`, which chat completions do not use.
 * @throws HardshellError `sdk.bad-answer` when one event is larger than 1 MiB
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let buffer = ''
  let data: string[] = []
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true })
    const lines = buffer.split(/\r\n|\n|\r(?!$)/)
    buffer = lines.pop()!
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        yield data.join('\n')
        data = []
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5))
      }
    }
    if (buffer.length + data.reduce((sum, part) => sum + part.length, 0) > maxEventUnits) {
      throw new HardshellError('sdk.bad-answer', 'an event of the stream is larger than 1 MiB')
    }
  }
}
