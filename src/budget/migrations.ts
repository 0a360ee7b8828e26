/**
 * Tables of the meter. `budget_totals` has what ended calls cost, per pot and period; `budget_leases` what each guard
 * has set aside of a limited pot, for calls under way and to come; `budget_open` the calls under way that a guard had
 * time to write down, each with what it is charged when its guard dies. Totals and leases of a pot together never
 * exceed its limit: that is the invariant every transaction keeps.
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
  {
    // Calls that were open under the old table are taken over with their worst case; ended ones are in the totals.
    id: 'budget/002-leases',
    sql: `
CREATE TABLE budget_guards (
  guard TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE budget_leases (
  pot TEXT NOT NULL,
  key TEXT NOT NULL,
  period TEXT NOT NULL,
  guard TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (pot, key, period, guard)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_leases_guard ON budget_leases (guard);
CREATE TABLE budget_open (
  guard TEXT NOT NULL,
  id TEXT NOT NULL,
  place TEXT NOT NULL,
  reserved INTEGER NOT NULL,
  charge INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  recovered_at INTEGER,
  PRIMARY KEY (guard, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE budget_written_off (
  guard TEXT NOT NULL,
  pot TEXT NOT NULL,
  key TEXT NOT NULL,
  period TEXT NOT NULL,
  amount INTEGER NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (guard, pot, key, period)
) STRICT, WITHOUT ROWID;
CREATE TABLE budget_overrides (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pot TEXT NOT NULL,
  key TEXT NOT NULL,
  allow INTEGER,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  ended TEXT
) STRICT;
INSERT INTO budget_guards SELECT DISTINCT owner, 0 FROM budget_claims WHERE state = 'open' AND free = 0;
INSERT INTO budget_open
  SELECT owner, id, json_object('day', day, 'agentId', agent_id, 'sessionKey', session_key, 'sessionPeriod',
    session_period, 'user', '(unattributed)', 'channel', '(unattributed)', 'cronJob', '', 'model',
    provider || '/' || model), reserved, reserved, opened_at, NULL
  FROM budget_claims WHERE state = 'open' AND free = 0;
INSERT INTO budget_totals
  SELECT 'global', '', 'always', coalesce(sum(spent), 0), 0, coalesce(sum(calls), 0)
  FROM budget_totals WHERE pot = 'month';
DROP TABLE budget_claims;
ALTER TABLE budget_calendar ADD COLUMN latest_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE budget_calendar ADD COLUMN behind_since INTEGER;
ALTER TABLE budget_calendar ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
UPDATE budget_calendar SET latest_ms = coalesce(unixepoch(latest_day) * 1000, 0) WHERE latest_day > '1970-01-01';
ALTER TABLE budget_calendar DROP COLUMN latest_day;
`,
  },
]
