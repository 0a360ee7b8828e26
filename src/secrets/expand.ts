import { HardshellError, Secret } from '../base/index.ts'

/**
 * Replaces `$NAME` and `${NAME}` by secrets, `$$` by a dollar sign. What a secret contains is not looked at again:
 * a value with a dollar sign in it stays as it is.
 * @param get throws for a secret that is missing
 * @throws HardshellError `secrets.bad-reference`; it quotes nothing, the text may be a plain secret with a `$` in it
 */
export async function expandReferences(value: string, get: (name: string) => Promise<Secret>): Promise<Secret> {
  const parts: string[] = []
  let rest = value
  for (let dollar = rest.indexOf('$'); dollar >= 0; dollar = rest.indexOf('$')) {
    parts.push(rest.slice(0, dollar))
    const token = /^\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(rest.slice(dollar))
    if (!token) throw badReference()
    const name = token[1] ?? token[2]
    parts.push(name === undefined ? '$' : (await get(name)).reveal())
    rest = rest.slice(dollar + token[0].length)
  }
  return new Secret(parts.join('') + rest)
}

function badReference(): HardshellError {
  return new HardshellError(
    'secrets.bad-reference',
    'a $ in a setting must begin a reference like $NAME or ${NAME}',
    {
      hint: 'write $$ for a dollar sign',
    },
  )
}
