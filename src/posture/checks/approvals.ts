import type { Check } from '../check.ts'
import patternsNarrow from './approvals/patterns-narrow.ts'
import silenceMeansNo from './approvals/silence-means-no.ts'
import skillsNotTrusted from './approvals/skills-not-trusted.ts'
import unusedForgotten from './approvals/unused-forgotten.ts'

export const approvals: readonly Check[] = [patternsNarrow, silenceMeansNo, skillsNotTrusted, unusedForgotten]
