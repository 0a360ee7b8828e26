/** When each job ran last, so that one missed while the guard was away is made up for. */
export const migrations: readonly { id: string; sql: string }[] = [
  {
    id: 'schedule/001-runs',
    sql: `
CREATE TABLE schedule_runs (
  job TEXT PRIMARY KEY,
  begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
]
