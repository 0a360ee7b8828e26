/**
 * Everything a report quotes is attacker-controlled: names of files, agents and settings. Whoever reads the report
 * in a terminal, a browser or a build server must see them and not obey them.
 */

// Control characters steer terminals, format characters reorder a line (CVE-2021-42574), U+2028 ends a script line.
const steering = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** One line of plain text: what would steer a terminal is shown as a mark. */
export function plain(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(steering, '\ufffd')
}

// Somebody pastes a report into a page: `</script>` must not end anything there.
const steeringInJson = /[\p{Cc}\p{Cf}\u2028\u2029<\ufffe\uffff]/gu

/** The same data as JSON: what steers is written as `\uXXXX`, so that printing the document is harmless too. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(steeringInJson, (sign) => {
    // The line ends of the document itself; inside strings JSON.stringify has written them as `\n` already.
    if (sign === '\n') return sign
    return Array.from({ length: sign.length }, (_, index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
  })
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For element content and quoted attributes of HTML and XML 1.0. */
export function markup(text: string): string {
  // U+FFFE, U+FFFF and halves of pairs are no characters of XML 1.0 (section 2.2): a build server refuses the file.
  return plain(text).toWellFormed().replaceAll(/[\ufffe\uffff]/g, '\ufffd').replaceAll(/[&<>"']/g, (sign) => entities[sign]!)
}
