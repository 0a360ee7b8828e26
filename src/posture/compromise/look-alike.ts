/** Names OpenClaw and its tools are published under. */
const honest = new Set(['openclaw', 'clawhub', 'clawdbot', 'moltbot', 'clawd'])
const honestScopes = /^@(?:openclaw|clawhub|clawdbot|moltbot)\//

/** Whether a package name is one or two slips away from a name of OpenClaw's, or puts one into a scope of its own. Pure. */
export function looksLikeOpenclaw(name: string): boolean {
  const lower = name.toLowerCase()
  if (honest.has(lower) || honestScopes.test(lower)) return false
  if (/^@[^/]*(?:open-?claw|clawhub|clawdbot|moltbot)/.test(lower)) return true
  const [bare] = lower.split('/').slice(-1)
  return [...honest].some((one) => one.length > 5 && bare !== one && slips(bare!, one) <= 1)
}

/** How many letters have to be changed, added, taken away or swapped (optimal string alignment); 2 means two or more. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2
  let i = 0
  while (i < a.length && i < b.length && a[i] === b[i]) i++
  const rests = [
    [a.slice(i + 1), b.slice(i + 1)], // changed
    [a.slice(i), b.slice(i + 1)], // taken away
    [a.slice(i + 1), b.slice(i)], // added
    [a[i + 1] === b[i] && a[i] === b[i + 1] ? a.slice(i + 2) : ' ', b.slice(i + 2)], // swapped
  ]
  if (a === b) return 0
  return rests.some(([x, y]) => x === y) ? 1 : 2
}
