import type { FindEntry } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * Tool calls: a real turn of the probe agent in the real gateway. Its model calls a harmless tool, which must run,
 * then the same tool with the nonce, which must be refused by our decision and by nothing before it.
 *
 * @param ports.runTurn runs one turn with this prompt and returns the agent's last words; leaves no session behind
 */
export function toolCallSurface(ports: { runTurn: (prompt: string, signal: AbortSignal) => Promise<string>; findEntry: FindEntry }): Surface {
  return {
    id: 'tool-call',
    title: 'a forbidden tool call is stopped by our decision',
    async prove(nonce, signal) {
      const words = await ports.runTurn(`HARDSHELL-PROBE ${nonce}`, signal)
      const [, control, forbidden] = /CONTROL<<([\s\S]*)>> FORBIDDEN<<([\s\S]*)>>/.exec(words) ?? []
      if (control === undefined || forbidden === undefined) return broken(`the probe turn ended early: ${words.slice(0, 200)}`)
      if (/not found|Hardshell:/.test(control)) return broken(`the harmless call did not run, so nothing was shown: ${control.slice(0, 200)}`)
      if (!forbidden.includes(nonce) || !forbidden.includes('proof.forbidden-nonce')) {
        return broken(`the forbidden call was not stopped by us: ${forbidden.slice(0, 200)}`)
      }
      const entry = await ports.findEntry(nonce, (e) => e.event_type === 'tool_call' && e.decision === 'deny')
      if (!entry) return broken('the refusal is not in the audit log')
      return held('harmless call ran, the same call with the nonce was refused')
    },
  }
}
