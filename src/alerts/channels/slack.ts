import { addressBehind, missing, type Channel, type ChannelPorts, type Delivery } from '../channel.ts'
import type { Message } from '../message.ts'
import { codeWord, failed, jsonOf, post, type Answer } from '../post.ts'
import type { NotificationSettings } from '../settings.ts'

type SlackSettings = NonNullable<NotificationSettings['slack']>

/** Slack, by an incoming webhook or by `chat.postMessage` of a bot. Source: docs.slack.dev. */
export function slackChannel(settings: SlackSettings, minimumSeverity: Channel['minimumSeverity'], ports: ChannelPorts): Channel {
  const { webhook, channel } = settings
  return {
    name: 'slack',
    where: webhook === undefined ? `${channel} by a bot` : 'the channel of a webhook',
    minimumSeverity,
    async send(message, signal) {
      try {
        return await (webhook === undefined ? byBot(message, settings, { ports, signal }) : byWebhook(message, webhook, { ports, signal }))
      } catch (error) {
        return failed(error)
      }
    },
  }
}

interface Call {
  ports: ChannelPorts
  signal: AbortSignal
}

async function byWebhook(message: Message, reference: string, { ports, signal }: Call): Promise<Delivery> {
  const url = await addressBehind(reference, ports)
  if (typeof url !== 'string') return url
  const answer = await post({ url, body: JSON.stringify(contentOf(message)) }, ports.tls, signal)
  if (answer.status === 200) return { state: 'delivered', ...(message.to !== undefined && { note: `the webhook chose the channel, not ${message.to}` }) }
  // 400 is about this one message (`invalid_payload`). 403, 404 and 410 say that the webhook is dead: a person can mend it.
  return answer.status === 400 ? refused(codeWord(answer.text)) : later(answer, codeWord(answer.text))
}

async function byBot(message: Message, { bot_token: reference = '', channel, api_url: api }: SlackSettings, { ports, signal }: Call): Promise<Delivery> {
  const token = await ports.secret(reference.slice(1))
  if (!token) return missing(reference)
  const body = { channel: message.to ?? channel, ...contentOf(message), mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false }
  const headers = { authorization: `Bearer ${token.reveal().trim()}` }
  const answer = await post({ url: `${api.replace(/\/+$/, '')}/chat.postMessage`, headers, body: JSON.stringify(body) }, ports.tls, signal)
  const { ok, error } = jsonOf(answer)
  if (answer.status === 200 && ok === true) return { state: 'delivered' }
  const code = codeWord(error)
  // Slack says most refusals with status 200. What is wrong with the one channel a job names keeps nothing else waiting.
  const isAboutMessage = aboutContent.has(code) || (aboutChannel.has(code) && message.to !== undefined)
  return isAboutMessage ? refused(code) : later(answer, code)
}

const aboutContent = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long', 'no_text', 'invalid_arguments'])
const aboutChannel = new Set(['channel_not_found', 'is_archived', 'not_in_channel', 'restricted_action', 'restricted_action_read_only_channel'])

function later({ status, retryAfterMs }: Answer, code: string): Delivery {
  return { state: 'later', reason: `Slack says ${code} (HTTP ${status})`, ...(retryAfterMs !== null && { afterMs: retryAfterMs }) }
}

function refused(code: string): Delivery {
  return { state: 'refused', reason: `Slack says ${code}` }
}

/**
 * `rich_text` is taken as it stands: no mention, no link and no mark-up is looked for in it. Only `text`, which is what
 * a notification on a telephone shows, is read for `<!channel>` and links: it is escaped.
 */
function contentOf({ severity, rule, text, facts, at, host, to }: Message): object {
  const title = `[${severity}] ${rule} on ${host}`
  const lines = [text, '', ...facts.map(([name, value]) => `${name}: ${value}`), `at: ${at}`, ...(to === undefined ? [] : [`for: ${to}`])]
  return {
    text: escaped(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title.slice(0, maxHeaderChars), emoji: false } },
      { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: lines.join('\n').slice(0, maxTextChars).toWellFormed() }] }] },
    ],
  }
}

// Block Kit, header block: 150 characters.
const maxHeaderChars = 150
// Block Kit, the text of a section; for rich text nothing is said, and a refused message is an alert nobody gets.
const maxTextChars = 3000

/** Slack's three control characters as entities (docs.slack.dev, formatting text: escaping). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
