/**
 * The shape of a value that only its surroundings give away: a name, something that assigns, the value.
 * `DD_API_KEY=…`, `"datadog-key": "…"`, `datadog.token := '…'`.
 *
 * @param name source, or sources, of the name from its first unit on; the keywords of the pattern begin it
 * @param value source of the value alone
 * @param goesOn class that may not follow it, or `null` where the pattern's tail takes all there is
 */
export function beside(
  name: string | readonly string[],
  value: string,
  goesOn: string | null = '[A-Za-z0-9_-]',
): RegExp {
  const end = goesOn === null ? '' : `(?!${goesOn})`
  const names = typeof name === 'string' ? name : name.join('|')
  return new RegExp(`(?:${names})${gap}${assign}(?<secret>${value})${end}`, 'i')
}

// The rest of the name, and what closes a quoted or bracketed one. 40 units: `DATADOG_STAGING_CLIENT_API_KEY_V2`.
const gap = '[\\w.-]{0,40}(?:[ \\t][A-Za-z]{1,10}){0,2}[\'"`\\]\\\\]{0,3}[ \\t]{0,8}'
// What assigns, a comma, a call's bracket or the end of a tag; then the opening quote, perhaps escaped inside JSON.
const assign = '(?:=>|:=|={1,3}|:|,|\\(|>(?![ \\t]))[ \\t]{0,8}(?:\\\\?[\'"`]){0,3}'
