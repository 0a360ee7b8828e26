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
  return new RegExp(`${notOurs}(?:${names})${gap}${assign}(?<secret>${value})${end}`, 'i')
}

// `[REDACTED_URL_PASSWORD]:` is no name with a value behind it.
const notOurs = '(?<!\\[REDACTED_[A-Z0-9_]{0,40})'
// The rest of the name, and what closes a quoted or bracketed one. 40 units: `DATADOG_STAGING_CLIENT_API_KEY_V2`.
const gap = '[\\w.-]{0,40}(?:[ \\t][A-Za-z]{1,10}){0,2}[\'"`\\]\\\\]{0,3}[ \\t]{0,8}'
// What declares a type and assigns (`token: string = `), assigns in programs, makefiles and PHP (`?=`, `:::=`, `.=`),
// gives a default (`||`), a comma, a call's bracket, the end of a tag, perhaps with the value on a line of its own.
// Sources: POSIX make, macro assignments (`::=`, `:::=`, `?=`, `+=`); PHP manual, assignment operators (`.=`).
const typed = ':[ \\t]{0,4}[A-Za-z][\\w.<>[\\]?]{1,20}[ \\t]{1,4}=(?!=)'
// `%3D` is `=` inside an address (RFC 3986). Without any sign: an opening quote (`CREATE USER x PASSWORD '…'`), or a name
// that ends in what the value is, as people write it (`deepgram key …`, `the token is …`).
const said = '(?<=(?:key|(?<!-)token|secret)(?:[ \\t]{1,2}(?:is|was))?[ \\t]{1,8})'
const sign = `(?:${typed}|=>|:{1,3}=|={1,3}|%3D|[?.+]=|[|]{2}|:|,|\\(|>(?![ \\t])(?:\\r?\\n[ \\t]{0,12})?|(?<=[ \\t])\\\\?['"]|${said})`
// Then the opening quote, perhaps escaped inside JSON or as HTML writes it.
const assign = `${sign}[ \\t]{0,8}(?:\\\\?['"\`]|&quot;|&#3[49];){0,3}`
