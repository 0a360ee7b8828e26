/** How far the log was read, what waits to be sent, what was kept back, and how each destination is. */
export const migrations: readonly { id: string; sql: string }[] = [
  {
    id: 'alerts/001-delivery',
    sql: `
CREATE TABLE alerts_position (
  log TEXT PRIMARY KEY,
  next_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts_held (
  key TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts_waiting (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  destination TEXT NOT NULL,
  weight INTEGER NOT NULL,
  body TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
CREATE INDEX alerts_waiting_next ON alerts_waiting (destination, weight DESC, id);
CREATE TABLE alerts_destinations (
  name TEXT PRIMARY KEY,
  delivered INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER,
  lost INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  problem TEXT
) STRICT, WITHOUT ROWID;
`,
  },
]
