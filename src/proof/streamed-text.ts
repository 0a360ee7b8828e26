/** The words of a streamed chat completion, joined: what must not be said may not come out in pieces either. */
export function streamedText(body: string): string {
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as Chunk).choices?.[0]?.delta?.content ?? '')
    .join('')
}

interface Chunk {
  choices?: { delta?: { content?: string | null } }[]
}
