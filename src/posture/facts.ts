import { config, type ConfigFacts } from './facts/config.ts'
import type { FactReader } from './subject.ts'

/** Everything a check may ask for, plain data, gathered once. One sorted line here and one below for each. */
export interface Facts {
  config: ConfigFacts
}

export type FactName = keyof Facts

/** Who reads what. Only facts that some chosen check needs are read. */
export const readers: { readonly [K in FactName]: FactReader<Facts[K]> } = {
  config,
}
