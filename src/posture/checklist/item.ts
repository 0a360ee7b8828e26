import type { Control } from './controls.ts'

/** Which of the five guides, in the order they are kept in. */
export const guides = {
  '1': 'OpenClaw Security Hardening: A Complete Guide (OpenClaw Team)',
  '2': 'OpenClaw Security Hardening: A Complete Checklist (myHermy)',
  '3': 'The Complete Guide to Protecting Your AI Agent Gateway',
  '4': 'OpenClaw Security Hardening (skill)',
  '5': 'OpenClaw Security Hardening (OpenClaw Consult)',
} as const

export type GuideId = keyof typeof guides

/** One tick box, row or numbered advice of a guide. */
export interface Item {
  /** `GUIDE.SLUG`, for people to name it by. */
  id: string
  guide: GuideId
  section: string
  /** The good state, in our own words. */
  text: string
  /** What shows it, all of them together; none: only a person can say. */
  controls: readonly Control[]
  /** Whether a person has to vouch for the rest of it, which no machine sees. */
  alsoVouchedFor: boolean
  /** Whether the words are about all of the controls: where one does not arise, neither does the item. */
  wholly: boolean
}

/** A row of a guide's list: slug, words, the controls that show it; `vouch` where a person has to say the rest, `wholly` where no control may be missing. */
export type Row = readonly [slug: string, text: string, controls?: readonly Control[], rest?: 'vouch' | 'wholly']

/** The items of one guide, by section. */
export function itemsOf(guide: GuideId, sections: Readonly<Record<string, readonly Row[]>>): Item[] {
  return Object.entries(sections).flatMap(([section, rows]) =>
    rows.map(([slug, text, controls = [], rest]) => ({ id: `${guide}.${slug}`, guide, section, text, controls, alsoVouchedFor: rest === 'vouch', wholly: rest === 'wholly' })),
  )
}
