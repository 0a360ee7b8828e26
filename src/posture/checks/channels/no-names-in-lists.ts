import { settingsJudge } from '../../bad-settings.ts'
import { channelSections } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

// What an id of a person looks like there (docs of each channel); anything else is a name.
const ids: Readonly<Record<string, RegExp>> = {
  telegram: /^(?:(?:telegram|tg):)?-?\d+$/i,
  discord: /^(?:(?:user|discord|pk):\S+|<@!?\d+>|\d{15,21})$/i,
  slack: /^(?:(?:user|slack):\S+|<@[UW]\w+>|[UWB][A-Z0-9]{6,})$/i,
}

export default defineCheck({
  id: 'channels.no-names-in-lists',
  title: 'allow lists hold ids, not names',
  severity: 'low',
  why: 'a name matches nobody, so the person meant stays outside until somebody widens the rule; in older versions it matched whoever took it',
  source: 'OpenClaw docs, gateway/security/audit-checks (channels.<provider>.allowFrom.mutable_entries_inert, channels.telegram.allowFrom.invalid_entries)',
  covers: ['channels.*.allowFrom.mutable_entries_inert', 'channels.telegram.allowFrom.invalid_entries'],
  ...settingsJudge((config) =>
    channelSections(config).flatMap(({ own, at, channel }) => {
      const id = ids[channel]
      if (id === undefined) return []
      return ['allowFrom', 'groupAllowFrom'].flatMap((key) => {
        const list = own[key]
        if (!Array.isArray(list)) return []
        const good = list.filter((entry) => isId(String(entry), id))
        const covers = [`channels.${channel}.allowFrom.mutable_entries_inert`, ...(channel === 'telegram' ? ['channels.telegram.allowFrom.invalid_entries'] : [])]
        return good.length === list.length ? [] : [{ at: [...at, key], saw: `${list.length - good.length} of ${list.length} entries are names`, want: 'ids', to: good, covers }]
      })
    }),
  ),
  examples: {
    pass: {
      ids: { config: { channels: { telegram: { allowFrom: [12345, 'tg:99', '*'] }, discord: { allowFrom: ['123456789012345678'] }, slack: { allowFrom: ['U012ABCDEF', 'accessGroup:ops'] } } } },
      'a placeholder': { config: { channels: { telegram: { allowFrom: ['${OWNER_ID}'] } } } },
    },
    fail: { name: { config: { channels: { telegram: { allowFrom: ['@somebody', 5] } } } }, tag: { config: { channels: { discord: { allowFrom: ['someone#1234'] } } } } },
  },
})

function isId(entry: string, id: RegExp): boolean {
  const text = entry.trim()
  return text === '' || text === '*' || text.startsWith('accessGroup:') || /^\$\{\w+\}$/.test(text) || id.test(text)
}
