import { freeSudoRules, type FreeSudoRule } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { linuxOf, requirePart, type FactReader } from '../subject.ts'

/** Who may become root without a password. Needs root to read. */
export interface SudoRulesFacts {
  rules: readonly SudoRule[]
}

export interface SudoRule extends FreeSudoRule {
  path: string
  /** The file as it is. */
  text: string
}

const main = '/etc/sudoers'
const folder = '/etc/sudoers.d'

export const sudoRules: FactReader<SudoRulesFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    await requirePart(host, 'rules of sudo', [main, folder])
    const names = ((await host.names(folder)) ?? []).filter((name) => !name.includes('.') && !name.endsWith('~'))
    const paths = [main, ...names.map((name) => `${folder}/${name}`)]
    const texts = await askAll(paths, async (path) => (await host.text(path)) ?? '')
    return { rules: freeSudoRules(texts).flatMap((rules, i) => rules.map((rule) => ({ ...rule, path: paths[i]!, text: texts[i]! }))) }
  },
}
