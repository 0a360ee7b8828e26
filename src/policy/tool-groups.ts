/**
 * OpenClaw's tool groups, as far as deny lists name them. `write` does not cover `apply_patch`, hence the groups.
 * Source: OpenClaw docs, gateway/config-tools/tool-policy.
 */
export const toolGroups: Readonly<Record<string, readonly string[]>> = {
  'group:automation': ['automations', 'cron', 'gateway', 'heartbeat_respond', 'openclaw', 'plugins'],
  'group:fs': ['apply_patch', 'edit', 'read', 'write'],
  'group:messaging': ['message'],
  'group:runtime': ['bash', 'code_execution', 'exec', 'process'],
  'group:sessions': [
    'conversations_list',
    'conversations_send',
    'conversations_turn',
    'dismiss_task',
    'session_status',
    'sessions',
    'sessions_history',
    'sessions_list',
    'sessions_search',
    'sessions_send',
    'sessions_spawn',
    'sessions_yield',
    'subagents',
    'suggest_task',
  ],
  'group:web': ['web_fetch', 'web_search', 'x_search'],
}

/** Names and groups as a set of names. A name nobody knows stays in: a tool may be called anything. */
export function expandToolGroups(list: readonly string[]): Set<string> {
  return new Set(list.flatMap((name) => toolGroups[name] ?? [name]))
}
