/** Columns to write for: those of the terminal, within what a person reads; 80 where there is none. */
export function screenWidth(): number {
  return Math.min(100, Math.max(40, process.stdout.columns ?? 80))
}

/** Words on lines no wider than the terminal, the following ones under the first word; colour codes have no width. */
export function wrapped(lead: string, text: string, { width }: { width: number } = { width: screenWidth() }): string[] {
  const indent = ' '.repeat(seenWidth(lead))
  const lines: string[] = []
  let line = lead
  for (const word of text.split(' ')) {
    if (word === '' && line === indent) continue
    const next = line === lead || line === indent ? line + word : `${line} ${word}`
    if (seenWidth(next) <= width || line === lead || line === indent) line = next
    else {
      lines.push(line.trimEnd())
      line = indent + word
    }
  }
  return [...lines, line]
}

/** Every line of a text on as many as it needs, the following ones under its first word. */
export function fitted(text: string): string {
  return text.split('\n').flatMap((line) => {
    const lead = /^ *(?:→ )?/.exec(line)![0]
    return wrapped(lead, line.slice(lead.length))
  }).join('\n')
}

function seenWidth(text: string): number {
  return text.replaceAll(/\u001b\[\d+m/g, '').length
}
