/**
 * Tables of the meter. `budget_claims` has a row per call, from the moment it is reserved; `budget_totals` has what
 * the ended ones cost, per pot and period. What is reserved is never stored: it is the sum over the open rows, so it
 * cannot drift.
 */
export const migrations: readonly { id: string; sql: string }[] = [
  {
    id: 'budget/001-meter',
    sql: `
CREATE TABLE budget_claims (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'interrupted', 'released', 'recovered')),
  owner TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  session_period TEXT NOT NULL,
  scope TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  day TEXT NOT NULL,
  free INTEGER NOT NULL,
  input_bound INTEGER NOT NULL,
  output_bound INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  price TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  cost INTEGER NOT NULL DEFAULT 0,
  usage_rejected INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX budget_claims_open ON budget_claims (opened_at) WHERE state = 'open';
CREATE INDEX budget_claims_closed ON budget_claims (closed_at) WHERE closed_at IS NOT NULL;
CREATE TABLE budget_totals (
  pot TEXT NOT NULL,
  key TEXT NOT NULL,
  period TEXT NOT NULL,
  spent INTEGER NOT NULL DEFAULT 0,
  waived INTEGER NOT NULL DEFAULT 0,
  calls INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (pot, key, period)
) STRICT, WITHOUT ROWID;
CREATE TABLE budget_warned (
  pot TEXT NOT NULL,
  key TEXT NOT NULL,
  period TEXT NOT NULL,
  limit_value INTEGER NOT NULL,
  level REAL NOT NULL,
  PRIMARY KEY (pot, key, period, limit_value, level)
) STRICT, WITHOUT ROWID;
CREATE TABLE budget_calendar (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  latest_day TEXT NOT NULL
) STRICT;
INSERT INTO budget_calendar VALUES (1, '0000-00-00');
`,
  },
]
