/**
 * OpenClaw's own tools by section and by profile, as of 2026.9.6 (its tool catalogue): what the groups in allow and deny
 * lists stand for.
 */
const sections: Readonly<Record<string, string>> = {
  fs: 'ls read write edit apply_patch',
  runtime: 'exec process code_execution secrets',
  web: 'web_search web_fetch x_search',
  memory: 'memory_search memory_get',
  sessions:
    'sessions sessions_list sessions_history sessions_search conversations_list conversations_send ' +
    'conversations_turn sessions_send sessions_spawn github_identity_status github_publish agents_wait ' +
    'sessions_yield subagents session_status suggest_task dismiss_task',
  ui: 'browser screen theme dashboard terminal portal canvas show_widget',
  messaging: 'message',
  automation: 'heartbeat_respond automations gateway plugins openclaw',
  nodes: 'nodes computer mobile_ui',
  agents: 'agents_list get_goal create_goal update_goal progress_card ask_user skill_workshop',
  media: 'view_image image_generate music_generate video_generate tts pdf',
}

const profiles: Readonly<Record<string, string>> = {
  minimal: 'session_status gateway',
  coding:
    'ls read write edit apply_patch exec process code_execution secrets web_search web_fetch x_search memory_search ' +
    'memory_get sessions sessions_list sessions_history sessions_search conversations_list conversations_send ' +
    'conversations_turn sessions_send sessions_spawn github_identity_status github_publish agents_wait ' +
    'sessions_yield subagents session_status suggest_task dismiss_task screen theme dashboard terminal portal ' +
    'automations gateway plugins get_goal create_goal update_goal progress_card ask_user skill_workshop view_image ' +
    'image_generate music_generate video_generate bundle-mcp',
  messaging:
    'secrets sessions sessions_list sessions_history sessions_search conversations_list conversations_send ' +
    'conversations_turn sessions_send sessions_spawn sessions_yield subagents session_status theme message gateway ' +
    'ask_user bundle-mcp',
  full: '*',
}

const words = (text: string): readonly string[] => text.split(' ')
const bySection = new Map(Object.entries(sections).map(([section, tools]) => [`group:${section}`, words(tools)]))
const openclaw = [...bySection].filter(([group]) => group !== 'group:fs').flatMap(([, tools]) => tools)
// `exec`, `process` and the file tools come from the harness, so `group:openclaw` leaves them out.
const groups = new Map([...bySection, ['group:openclaw', openclaw.filter((tool) => !['exec', 'process', 'canvas'].includes(tool))]])
// Names of before, and of other agents; OpenClaw takes them in every list.
const aliases = new Map([['bash', 'exec'], ['apply-patch', 'apply_patch'], ['cron', 'automations']])

/** A tool under today's name. */
export function toolName(name: string): string {
  const lower = name.trim().toLowerCase()
  return aliases.get(lower) ?? lower
}

/** A list of allow or deny with its groups spelled out. */
export function expandTools(list: readonly string[]): string[] {
  return [...new Set(list.map(toolName).filter((name) => name !== '').flatMap((name) => groups.get(name) ?? [name]))]
}

/** What a profile allows, `null` for no profile of OpenClaw's: then everything is. */
export function profileTools(profile: unknown): readonly string[] | null {
  return typeof profile === 'string' && Object.hasOwn(profiles, profile) ? words(profiles[profile]!) : null
}
