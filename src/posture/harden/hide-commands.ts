interface Span {
  start: number
  end: number
}

// `--token X`, `-p X`, `--api-key=X`, as programs take them; a file (`--key-file /etc/x`) or a variable is none.
const options = /(?<![\w-])(--?(?:[a-z0-9]+[-_])*(?:token|secret|passwd|password|passphrase|pass|pw|api-?key|apikey|access-?key|auth|credentials?|key|bearer|cookie)(?:[=\s]+)["']?)([^\s"'$/<{\\][^\s"'<>\\]*)/gi
// `mysql -pSECRET`, `sshpass -p SECRET`, `curl -u name:SECRET`: one letter says nothing without the program before it.
const programs = /\b(?:mysql|mysqldump|mariadb|sshpass|smbclient|redis-cli|ldapsearch|curl|wget|http)\b[^\n|;&]*/g
const letters = /(\s-[pawu][=\s]?["']?)([^\s"'$-][^\s"']*)/g
// A header by its name, in a command, a proxy's setting or prose: `Authorization: Bearer X`, `header_up X-Api-Key "X"`.
const headers = /((?:\b(?:proxy-)?authorization|\bx-(?:[a-z0-9]+-)*(?:key|token|auth|secret)|\b(?:[a-z0-9]+-)*(?:api-key|auth-token)|\b(?:set-)?cookie)\\?["']?\s*[:=\s]\s*\\?["']?(?:(?:bearer|basic|token)\s+)?)([^\s"'\\$][^\s"'\\]*)/gi
// A caddyfile names an account and what its password became, or, by mistake, the password.
const basicAuth = /basic_?auth[^\n{]*\{([^}]*)\}/gi

/** What stands as a value in a command line, a header or a list of logins, under no key that says so. Pure. */
export function inCommands(text: string): Span[] {
  const called = [...text.matchAll(programs)].flatMap(({ index, 0: line }) => values(line, letters).map(({ start, end }) => ({ start: index + start, end: index + end })))
  return [...values(text, options), ...called, ...values(text, headers), ...logins(text)]
}

function values(text: string, shape: RegExp): Span[] {
  return [...text.matchAll(shape)].map(({ index, 1: lead, 2: value }) => ({ start: index + lead!.length, end: index + lead!.length + value!.length }))
}

function logins(text: string): Span[] {
  return [...text.matchAll(basicAuth)].flatMap(({ index, 0: whole, 1: inside }) => {
    const from = index + whole.lastIndexOf(inside!)
    return values(inside!, /^([ \t]*\S+[ \t]+)(\S.*)$/gm).map(({ start, end }) => ({ start: from + start, end: from + end }))
  })
}

/** Files that hold what people typed, said or logged: nobody knows the shape of every secret in them, so no line of theirs is shown. */
export function isTalk(path: string): boolean {
  return /(?:_history|\.jsonl|\.log)(?:\.[\w.-]+)?$/.test(path)
}
