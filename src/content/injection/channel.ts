/**
 * Where a text comes from, which decides what is odd in it: an order to the assistant is what a user writes, and what
 * no tool result should hold.
 */
export type Channel = 'user' | 'tool_result' | 'doc' | 'model_output'

export const channels: readonly Channel[] = ['user', 'tool_result', 'doc', 'model_output']
