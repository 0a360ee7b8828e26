import { linuxOf, type FactReader } from '../subject.ts'

/** What kind of password each account has; never the hash. Needs root. */
export interface PasswordsFacts {
  kinds: Readonly<Record<string, 'empty' | 'locked' | 'set'>>
}

export const passwords: FactReader<PasswordsFacts> = {
  async read(subject) {
    const text = await linuxOf(subject).text('/etc/shadow')
    if (text === null) throw new Error('/etc/shadow is not there')
    const lines = text.split('\n').map((line) => line.split(':')).filter(([name]) => name !== undefined && name !== '')
    return { kinds: Object.fromEntries(lines.map(([name, hash = '*']) => [name!, hash === '' ? 'empty' : /^[!*]/.test(hash) ? 'locked' : 'set'])) }
  },
}
