/** What happened since the filter was made. */
export interface DnsCounts {
  asked: number
  refused: number
  /** Questions for approved names. */
  approved: number
  /** Of these: answered without asking anybody. */
  cached: number
  /** Answers withheld because of where they lead. */
  withheld: number
  /** Approved questions nobody could answer. */
  failed: number
  /** Not a DNS question. */
  malformed: number
  /** Over the rate, or a response where a question belongs. */
  dropped: number
  tunnelling: number
}

export function noCounts(): DnsCounts {
  return { asked: 0, refused: 0, approved: 0, cached: 0, withheld: 0, failed: 0, malformed: 0, dropped: 0, tunnelling: 0 }
}
