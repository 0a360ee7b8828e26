import { bitOf, concepts, type Concept } from './concepts.ts'
import type { Channel } from './channel.ts'
import { hashOf, type Words } from './words.ts'

/** A phrase: words or concepts in order, with at most so many words in between, inside one sentence. */
export interface Phrase {
  id: string
  /** How much it adds to the log-odds of a window it stands in. */
  weight: number
  /** Channels it means something in; an order to the assistant is what a user writes. */
  channels: readonly Channel[]
  /** Words apart by `/`, concepts with `@`, and between them the most words that may stand there. */
  shape: string
}

const outside: readonly Channel[] = ['tool_result', 'doc']
const anywhere: readonly Channel[] = ['user', ...outside]

/** Every phrase we listen for. Each comes from public collections of attacks (docs/detection.md names them). */
export const phrases: readonly Phrase[] = [
  { id: 'override', weight: 3, channels: anywhere, shape: '@override 3 @prior 2 @instruction' },
  { id: 'override', weight: 2.5, channels: anywhere, shape: '@override 2 @you 2 @instruction' },
  { id: 'override', weight: 2.5, channels: anywhere, shape: '@override 2 everything/all/alles/todo/tout/what 4 above/before/said/told/davor/bisher/previous/anterior/precede' },
  { id: 'override', weight: 2, channels: outside, shape: 'new/updated/real 1 instruction/instructions/task/orders' },
  { id: 'prompt-leak', weight: 3, channels: anywhere, shape: '@reveal 4 @system 1 prompt/prompts/instructions/message' },
  { id: 'prompt-leak', weight: 2.5, channels: anywhere, shape: '@reveal 3 your 2 instructions/prompt/rules/guidelines/configuration/prompts' },
  { id: 'prompt-leak', weight: 2, channels: anywhere, shape: 'what 2 your 2 system/initial/original/hidden/secret 0 prompt/instructions/rules' },
  { id: 'prompt-leak', weight: 1.5, channels: anywhere, shape: 'repeat/print/output 4 above 4 verbatim/exactly/word' },
  { id: 'no-limits', weight: 3, channels: anywhere, shape: 'do 0 anything 0 now' },
  { id: 'no-limits', weight: 2.5, channels: anywhere, shape: 'you 1 now/will/are 3 @unfiltered' },
  { id: 'no-limits', weight: 2, channels: anywhere, shape: 'act/pretend/roleplay/simulate/behave 6 unrestricted/uncensored/unfiltered/jailbroken/evil/amoral/dan' },
  { id: 'no-limits', weight: 2, channels: anywhere, shape: 'not/no/never/without 4 ethical/moral 2 guidelines/restrictions/limits/rules/constraints/considerations' },
  { id: 'no-limits', weight: 2, channels: anywhere, shape: 'developer/god/dan/debug/jailbreak/maintenance/admin/unrestricted 0 mode 2 enabled/activated/on/active/engaged' },
  { id: 'authority', weight: 2, channels: anywhere, shape: 'admin/administrator/developer/root/emergency 0 override' },
  { id: 'authority', weight: 2, channels: outside, shape: 'message/instruction/instructions/note/attention 1 to/for 2 @model' },
  { id: 'addresses-model', weight: 3, channels: outside, shape: 'if 0 you 1 are 2 ai/llm/language/assistant/bot/chatbot/agent' },
  { id: 'addresses-model', weight: 2, channels: outside, shape: 'when/before/while/after 1 you 1 summarize/summarise/answer/respond/continue/solve' },
  { id: 'addresses-model', weight: 1.5, channels: outside, shape: 'when/while 0 summarizing/summarising/answering/responding 4 page/document/email/text/file/content/results' },
  { id: 'addresses-model', weight: 1.5, channels: outside, shape: 'in/to 0 your 1 response/reply/answer/summary/output' },
  { id: 'conceal', weight: 3, channels: outside, shape: 'not/never/dont/without 2 tell/mention/inform/notify/alert/telling/informing/notifying/alerting 2 user/anyone/them' },
  { id: 'conceal', weight: 2, channels: outside, shape: 'without 2 leaving/any 2 trace/record' },
  { id: 'fake-completion', weight: 3, channels: outside, shape: 'completed/finished/done 3 previous/original/first/all 1 instructions/task/tasks' },
  { id: 'exfiltration', weight: 1.5, channels: outside, shape: '@send 6 password/passwords/credentials/secrets/keys/tokens/history/database 6 to' },
  { id: 'poisons-memory', weight: 1.5, channels: anywhere, shape: 'remember/store/save 1 permanently/forever 6 admin/administrator/always/trusted' },
  // What hides a deed from whoever the agent works for.
  { id: 'conceal', weight: 2, channels: outside, shape: 'keep/keeping/hide/conceal 4 hidden/secret/private/quiet/from 3 user/users/owner/human/customer' },
  { id: 'conceal', weight: 2, channels: outside, shape: 'do/perform/execute 1 this/it/so/that 2 silently/quietly/secretly/discreetly/covertly/unnoticed' },
  { id: 'conceal', weight: 1.5, channels: outside, shape: 'one/nobody/user/owner/anyone 2 notices/notice/knows/know/suspects/sees/aware/informed' },
  { id: 'conceal', weight: 2, channels: outside, shape: 'as 0 if 0 nothing 1 happened/changed' },
  { id: 'conceal', weight: 1.5, channels: outside, shape: 'not/never/dont/without 2 ask/asking/request/requesting/seek/wait/waiting 3 confirmation/permission/approval/consent/user' },
  { id: 'conceal', weight: 1.5, channels: outside, shape: 'not/never/dont/without 1 mention/mentioning/reveal/revealing/disclose/disclosing/report/reporting/appear 3 instruction/instructions/message/note/this/summary/it/that' },
  // What speaks to an assistant, or in the name of the person it serves.
  { id: 'speaks-for-user', weight: 2.5, channels: outside, shape: 'user 2 asked/wants/told/instructed/requested/requires/authorized/authorised/approved/expects 1 you 0 to' },
  { id: 'addresses-model', weight: 2.5, channels: outside, shape: 'new/next/updated/additional 1 task/instruction/instructions/objective/goal/assignment 1 for 1 you/assistant/agent/ai/model' },
  { id: 'addresses-model', weight: 2, channels: outside, shape: 'your 1 new/next/real/first/actual/only/true 1 task/action/goal/job/objective/step/instruction/mission' },
  { id: 'addresses-model', weight: 1.5, channels: outside, shape: 'hi/hello/hey/dear/attention/listen/ok/okay 2 assistant/ai/agent/llm/chatbot/model/claude/chatgpt/gemini/copilot/bot' },
  { id: 'steers-answer', weight: 2, channels: outside, shape: '@change 7 in/into/to/within/of/with 1 your 1 response/responses/reply/answer/answers/summary/output/message/solution' },
  { id: 'steers-answer', weight: 1.5, channels: outside, shape: 'write/give/provide/deliver/present/phrase/format/make/compose/state/render/craft/produce 2 your 1 response/responses/reply/answer/answers/summary/output/message/solution' },
  // What changes what an agent remembers or who it trusts.
  { id: 'poisons-memory', weight: 1.5, channels: outside, shape: 'from 0 now 0 on 3 always/never/treat/trust/consider/every/whenever' },
  { id: 'poisons-memory', weight: 1.5, channels: outside, shape: 'add/save/store/write/remember/update 4 memory/memories/system 2 prompt/always/that/permanently/file' },
  { id: 'unsafe-change', weight: 1, channels: outside, shape: 'disable/deactivate/bypass/unlock/remove/off 4 logging/firewall/antivirus/2fa/authentication/approval/approvals/safety/monitoring/audit/alarm/alarms/filter/security/lock' },
  { id: 'unsafe-change', weight: 1, channels: outside, shape: 'grant/give/allow 4 access/permission/permissions/admin/administrator/privileges 3 to/for/rights' },
  // A deed with what is worth stealing, and where it is to go.
  { id: 'exfiltration', weight: 1, channels: outside, shape: '@send 10 to/at 3 http/https/@' },
  { id: 'exfiltration', weight: 1, channels: outside, shape: 'retrieve/get/fetch/find/collect/gather/access/read/look/obtain/extract 10 and 1 send/forward/email/post/upload/share/transmit/submit' },
]

/** Where a phrase stands: words `from` to `to`, not included. */
export interface PhraseHit {
  id: string
  weight: number
  from: number
  to: number
}

interface Step {
  /** Bits of concepts, 0 when the step names words. */
  concepts: number
  words: ReadonlySet<number> | null
  /** How many words may stand between this step and the one before. */
  gap: number
}

interface Listener extends Phrase {
  steps: readonly Step[]
  /** For each step, where the latest beginning that got so far began, and the word it has reached; -1 for none. */
  began: Int32Array
  reached: Int32Array
}

/** The phrases of a channel, by what moves them on. */
interface Listening {
  all: readonly Listener[]
  byWord: ReadonlyMap<number, readonly Listener[]>
  byConcept: readonly (readonly Listener[])[]
}

/**
 * Listens for every phrase of a channel in one pass: each word moves each phrase on by at most its steps, so the time
 * is the number of words times a constant.
 */
export function hear(words: Words, channel: Channel): PhraseHit[] {
  const listening = listeningOn(channel)
  const hits: PhraseHit[] = []
  const move = (listener: Listener, at: number): void => {
    const from = advance(listener, words, at)
    if (from >= 0) hits.push({ id: listener.id, weight: listener.weight * believed(words, from, at), from, to: at + 1 })
  }
  for (let at = 0; at < words.count; at++) {
    for (const listener of listening.byWord.get(words.hash[at]!) ?? []) move(listener, at)
    for (let meant = words.concepts[at]!; meant !== 0; meant &= meant - 1) {
      for (const listener of listening.byConcept[31 - Math.clz32(meant & -meant)]!) move(listener, at)
    }
  }
  return hits
}

/** @returns where the phrase began when this word completes it, else -1 */
function advance({ steps, began, reached }: Listener, words: Words, at: number): number {
  // From the last step back, or one word would count for two steps.
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!
    if ((words.concepts[at]! & step.concepts) === 0 && !step.words?.has(words.hash[at]!)) continue
    if (i > 0 && !follows(words, reached[i - 1]!, at, step.gap)) continue
    const from = i === 0 ? at : began[i - 1]!
    if (i === steps.length - 1) {
      reached.fill(-1)
      return from
    }
    began[i] = from
    reached[i] = at
  }
  return -1
}

function follows(words: Words, before: number, at: number, gap: number): boolean {
  return before >= 0 && before < at && at - before <= gap + 1 && words.sentence[before] === words.sentence[at]
}

/**
 * Who writes about an attack quotes it, calls it an example, or asks how it is done. It still counts a little: a
 * quotation mark is typed quickly.
 */
function believed(words: Words, from: number, at: number): number {
  if (words.quoted[from] === 1) return 0.4
  let first = from
  while (first > 0 && words.sentence[first - 1] === words.sentence[from]) first--
  for (let i = first; i <= at; i++) if ((words.concepts[i]! & mention) !== 0) return 0.3
  return 1
}

const mention = bitOf('mention')

const prepared = new Map<Channel, Listening>()

function listeningOn(channel: Channel): Listening {
  let listening = prepared.get(channel)
  if (!listening) {
    listening = listeningTo(phrases.filter((phrase) => phrase.channels.includes(channel)).map(listenerOf))
    prepared.set(channel, listening)
  }
  for (const { reached } of listening.all) reached.fill(-1)
  return listening
}

function listeningTo(all: readonly Listener[]): Listening {
  const byWord = new Map<number, Set<Listener>>()
  for (const listener of all) {
    for (const hash of listener.steps.flatMap(({ words }) => [...(words ?? [])])) {
      byWord.set(hash, (byWord.get(hash) ?? new Set()).add(listener))
    }
  }
  return {
    all,
    byWord: new Map([...byWord].map(([hash, listeners]) => [hash, [...listeners]])),
    byConcept: concepts.map((concept) => all.filter(({ steps }) => steps.some((step) => (step.concepts & bitOf(concept)) !== 0))),
  }
}

function listenerOf(phrase: Phrase): Listener {
  const parts = phrase.shape.split(' ')
  const steps: Step[] = []
  for (let i = 0; i < parts.length; i += 2) steps.push(stepOf(parts[i]!, i === 0 ? 0 : Number(parts[i - 1])))
  return { ...phrase, steps, began: new Int32Array(steps.length), reached: new Int32Array(steps.length) }
}

function stepOf(part: string, gap: number): Step {
  // `@` by itself is the sign of an address.
  if (part === '@' || !part.startsWith('@')) return { concepts: 0, words: new Set(part.split('/').map(hashOf)), gap }
  const concept = part.slice(1) as Concept
  if (!concepts.includes(concept)) throw new Error(`no concept ${concept}`)
  return { concepts: bitOf(concept), words: null, gap }
}
