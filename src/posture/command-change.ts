import type { CommandChange } from './change.ts'

/** A program to run, the one that takes it back (`null`: nothing does), and what it is for. */
export function command(run: readonly string[], undo: readonly string[] | null, means: string): CommandChange {
  return { kind: 'command', do: run, undo, means }
}
