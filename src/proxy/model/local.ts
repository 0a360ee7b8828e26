/** A chat request in the words both APIs share: what a model that runs inside the guard gets to see. */
export interface LocalModelRequest {
  model: string
  /** In order. A tool's result is a message of its own. */
  messages: readonly LocalModelMessage[]
  /** Names of the tools on offer. */
  tools: readonly string[]
  /** Id of the visit. */
  visit: string
}

export interface LocalModelMessage {
  role: 'system' | 'user' | 'assistant'
  text: string
  isToolResult: boolean
}

/** What a local model says: a text (spread over `slowMs` when it streams), or a call of one tool. */
export type LocalModelAnswer = { text: string; slowMs?: number } | { tool: string; args: Record<string, unknown> }
