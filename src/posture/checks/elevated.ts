import type { Check } from '../check.ts'
import fewSenders from './elevated/few-senders.ts'
import off from './elevated/off.ts'
import sendersNamed from './elevated/senders-named.ts'

export const elevated: readonly Check[] = [fewSenders, off, sendersNamed]
