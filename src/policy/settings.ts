import { z } from 'zod'

const limit = (most: number): z.ZodInt => z.int().min(1).max(most)

/** `loops`: when a task is taken for a runaway. Defaults lie far above what tasks that get somewhere do. */
export const loopSettings = z
  .strictObject({
    identical_calls: limit(10_000)
      .default(20)
      .describe('the same tool call with the same arguments, in one session within ten minutes')
      .meta({ unit: 'calls', enforced: true }),
    // Clients try again two to ten times when a provider fails; a turn that goes on never asks the same twice.
    identical_requests: limit(10_000)
      .default(20)
      .describe('the same request to a model, in one session within ten minutes')
      .meta({ unit: 'calls', enforced: true }),
    actions_per_minute: limit(100_000)
      .default(120)
      .describe('tool calls of a session and its sub-agents within a minute')
      .meta({ unit: 'calls', enforced: true }),
    turns_per_task: limit(100_000)
      .default(200)
      .describe('model calls for one message or job')
      .meta({ unit: 'calls', enforced: true }),
    hand_offs: limit(10_000)
      .default(30)
      .describe('times a session and its sub-agents hand work to each other within ten minutes')
      .meta({ unit: 'calls', enforced: true }),
  })
  .prefault({})
  .describe('what makes a loop')
