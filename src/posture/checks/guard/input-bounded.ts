import { defineGuardCheck } from '../../guard-settings.ts'

// The guide says 4096; a pasted file of 64 KiB is still somebody's work, a megabyte is not a message.
const mostCharacters = 65_536

export default defineGuardCheck({
  id: 'guard.input-bounded',
  title: 'messages to agents have a longest length',
  severity: 'medium',
  why: 'very long inputs bury instructions and cost money',
  source: 'hardening guide 1, input validation: 4096 characters',
  at: 'content.input.max_length',
  fallback: 4096,
  isGood: (value) => typeof value === 'number' && value <= mostCharacters,
  want: '65536 characters or fewer',
  to: () => 4096,
  passes: { 'long letters': 'content:\n  input:\n    max_length: 16000\n' },
  fails: { 'a book': 'content:\n  input:\n    max_length: 1000000\n' },
})
