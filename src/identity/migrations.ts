/** Who is stopped. An absent row means "may act"; `(everyone)` cannot be an agent's id, which has no brackets. */
export const migrations: readonly { id: string; sql: string }[] = [
  {
    id: 'identity/001-kill-switch',
    sql: `
CREATE TABLE identity_stops (
  who TEXT PRIMARY KEY,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
]
