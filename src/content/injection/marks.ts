import type { Channel } from './channel.ts'

/** A sign in the raw text, where it stands, and how much it adds to the log-odds of the text around it. */
export interface Mark {
  id: string
  weight: number
  start: number
  end: number
}

interface Sign {
  id: string
  /** By channel; a channel that is missing does not care. */
  weight: Partial<Record<Channel, number>>
  /** Global; every repeat is bounded. */
  shape: RegExp
}

// Their words are not told apart by blanks, or bend too much for a list of words (concepts.ts). Of "forget" only what
// orders it: who forgot the rules of a game says so.
const overrides = [
  '(?:忽略|无视|無視|忽視|不要理会|不要遵守)[^。！？\\n]{0,14}(?:指令|指示|说明|說明|规则|規則|提示|命令)',
  '(?:忘记|忘記|忘掉)[^。！？\\n]{0,6}(?:之前|以上|先前|前面|所有)[^。！？\\n]{0,10}(?:指令|指示|说明|說明|规则|規則|提示|命令)',
  '(?:指示|命令|ルール|プロンプト|指令)[^。\\n]{0,10}(?:無視|忘れて(?!し)|従わないで)',
  '(?:지시|명령|지침|규칙|프롬프트)[^.\\n]{0,12}(?:무시|잊어(?!버|서|먹|요))',
  '(?:игнорируй|забудь|отбрось|ігноруй)[^.\\n]{0,30}(?:инструкц|указани|правил|команд|інструкц|вказівк)',
  '(?:talimat|komut|kural|yönerge)[^.\\n]{0,20}(?:yok say|unut(?:un)?(?!\\p{L})|görmezden gel|dikkate alma)',
  '(?<!\\p{L})(?:تجاهل|انس)(?!\\p{L})[^.\\n]{0,24}(?:التعليمات|الأوامر|القواعد|تعليمات)',
  '(?:निर्देश|आदेश|नियम)[^।\\n]{0,24}(?:अनदेखा|भूल जा(?:ओ|एं|एँ|इए)|नज़रअंदाज़|नजरअंदाज)',
  '(?:התעלם|התעלמי)[^.\\n]{0,24}(?:הוראות|ההוראות|הנחיות)',
]

// What only the runtime of a model writes: control tokens of chat templates (ChatML, Llama, Mistral, Gemma), the
// envelopes of tool calls, roles of a transcript.
const signs: readonly Sign[] = [
  {
    id: 'role-marker',
    weight: { user: 2.5, tool_result: 3, doc: 3 },
    shape: /<\|[a-z_]{2,24}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:start|end)_of_turn>|<\/?(?:system|sys|instructions?|important|information)>|\[(?:system|admin)(?: message| note)?\]/gi,
  },
  {
    id: 'role-marker',
    weight: { user: 1, tool_result: 1.5, doc: 1.5 },
    shape: /(?<=^|\n)[ \t#>*]{0,6}(?:system|new instructions?|system (?:note|message|prompt|override))\b\**[ \t]{0,3}:/gi,
  },
  {
    id: 'tool-call',
    weight: { user: 1.5, tool_result: 2.5, doc: 2 },
    shape: /<(?:tool_call|function_calls?|invoke name=|tool_use)[ >"]|"(?:tool_calls|function_call)"\s{0,3}:|"role"\s{0,3}:\s{0,3}"system"/gi,
  },
  {
    id: 'tool-call',
    weight: { tool_result: 2, doc: 1.5 },
    shape: /(?<=^|\n)[ \t]{0,4}(?:thought|action input|observation):[ \t]/gi,
  },
  {
    id: 'hidden-comment',
    weight: { tool_result: 2.5, doc: 2 },
    shape: /<!--(?=[^>]{0,200}\b(?:assistant|ai|llm|ignore|instructions?|system|prompt|secretly|agent)\b)[^>]{0,400}/gi,
  },
  {
    // "Ignore the instructions" in Chinese, Japanese, Korean, Russian, Ukrainian, Turkish, Arabic, Hindi and Hebrew.
    id: 'override',
    // A language the models hardly know looks harmless to them beyond all measure: this has to outweigh it alone.
    weight: { user: 8, tool_result: 9, doc: 9 },
    shape: new RegExp(overrides.join('|'), 'giu'),
  },
  {
    id: 'hidden-style',
    weight: { tool_result: 1.5, doc: 1.5 },
    shape: /style\s{0,3}=\s{0,3}["'][^"'>]{0,200}(?:display\s{0,3}:\s{0,3}none|font-size\s{0,3}:\s{0,3}0|opacity\s{0,3}:\s{0,3}0[;"' ]|color\s{0,3}:\s{0,3}(?:white|#fff(?:fff)?)\b)/gi,
  },
]

/** Signs in the text as it came. Each expression has bounded repeats only, so each place is looked at so many times. */
export function marksIn(text: string, channel: Channel): Mark[] {
  return signs.flatMap(({ id, weight, shape }) => {
    const own = weight[channel]
    if (own === undefined) return []
    return [...text.matchAll(shape)].map(({ 0: found, index }) => ({ id, weight: own, start: index, end: index + found.length }))
  })
}
