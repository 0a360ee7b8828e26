import { defineCheck } from '../../check.ts'
import { entriesAt, wordsAt } from '../../config-values.ts'
import { settingChanges } from '../../setting-change.ts'
import type { Facts } from '../../facts.ts'

// Plugins that come with OpenClaw 2026.9.6 (its dist/extensions), and those that came with it before.
const bundled = new Set(
  (
    'a2a active-memory admin-http-rpc alibaba anthropic apple-fm azure-speech beam bonjour browser canvas clawrouter code-mode-quickjs copilot-proxy crabbox cua-computer ' +
    'deepgram device-pair document-extract elevenlabs fal file-transfer geolocation github github-copilot google huggingface image-generation-core imap linux-node litellm ' +
    'llm-task lmstudio logbook memory-core memory-wiki microsoft microsoft-foundry migrate-claude migrate-hermes minimax nvidia oc-path ollama onepassword openai opencode-go ' +
    'openrouter policy reef runway senseaudio session-share sglang talk-voice telegram together tts-local-cli vault vllm web-readability webhooks workboard xai ' +
    'bluebubbles copilot-proxy diagnostics-otel discord feishu google-antigravity-auth google-gemini-cli-auth googlechat imessage line lobster matrix mattermost ' +
    'memory-lancedb minimax-portal-auth msteams nextcloud-talk nostr open-prose phone-control qwen-portal-auth signal slack thread-ownership tlon twitch voice-call whatsapp zalo zalouser group:plugins'
  ).split(' '),
)

export default defineCheck({
  id: 'plugins.no-phantoms',
  title: 'every plugin that is allowed is installed',
  severity: 'low',
  why: 'whoever registers a plugin under an allowed name that nobody has yet is allowed in advance',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.allow_phantom_entries)',
  covers: ['plugins.allow_phantom_entries'],
  needs: ['config', 'pluginsInstalled'],
  judge: (facts) => phantoms(facts).map((id) => ({ at: 'plugins.allow', saw: `${id}, which is not installed`, want: 'installed plugins only' })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan(facts) {
      const gone = phantoms(facts)
      return settingChanges(facts.config, [{ at: ['plugins', 'allow'], to: wordsAt(facts.config, 'plugins.allow').filter((id) => !gone.includes(id)) }])
    },
  },
  examples: {
    pass: {
      installed: { config: { plugins: { allow: ['Notes', 'telegram'] } }, files: { '$STATE/extensions/notes/package.json': '{}' } },
      'from a path': { config: { plugins: { allow: ['mine'], load: { paths: ['/srv/plugins/mine'] } } } },
    },
    fail: { phantom: { config: { plugins: { allow: ['telegram', 'mail-helper'] } }, files: { '$STATE/extensions/notes/package.json': '{}' } } },
  },
})

function phantoms({ config, pluginsInstalled: { plugins, records } }: Pick<Facts, 'config' | 'pluginsInstalled'>): string[] {
  // Whatever has settings of its own, or comes from a folder that was named, somebody meant.
  const known = [
    ...plugins.flatMap(({ id, path }) => [id, path.split('/').at(-1)!]),
    ...records.map(({ id }) => id),
    ...['plugins.entries', 'channels'].flatMap((at) => entriesAt(config, at).map(([id]) => id)),
    ...wordsAt(config, 'plugins.load.paths').map((path) => path.split('/').at(-1)!),
  ].map((id) => id.toLowerCase())
  // A folder of plugins holds several, whose names are not those of the folder.
  if (wordsAt(config, 'plugins.load.paths').some((path) => /(?:plugins|extensions)\/?$/.test(path))) return []
  return wordsAt(config, 'plugins.allow').filter((id) => !bundled.has(id.toLowerCase()) && !known.includes(id.toLowerCase()))
}
