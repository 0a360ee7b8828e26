import type { InstallationFacts } from './facts.ts'

/** One file of a profile. */
export interface ProfileFile {
  /** Below the output folder. */
  path: string
  text: string
  /** 0755 for what is run, 0644 for the rest: nothing in them is secret. */
  mode: 0o644 | 0o755
}

/** A kind of text this room can write. */
export interface Profile {
  name: string
  title: string
  /** @throws HardshellError `profiles.unwritable` */
  files(facts: InstallationFacts): ProfileFile[]
  /** What has to be done by hand, and what the profile does not hold. */
  notes(facts: InstallationFacts): string[]
}
