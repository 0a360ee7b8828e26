import { messageOf } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import type { Part } from '../change.ts'
import { readEntrance, whyShut, type Entrance } from './entrance.ts'
import { whyCut } from './firewall.ts'
import type { HardenPlan } from './plan.ts'
import { draftedSubject } from './site.ts'

/**
 * The checks whose fix would lock somebody out, with the sentence for them. Judged on the machine as the plan would
 * leave it; what cannot be read is refused.
 */
export async function refusals(plan: HardenPlan): Promise<{ check: string; why: string }[]> {
  const { host } = plan.site.subject
  if (host === null) return []
  const after = draftedSubject(plan.site, plan.draft).host!
  const [ssh, firewall] = await Promise.all([
    touches(plan, 'ssh') ? refusalOf(async () => await shut(host, after, plan)) : null,
    touches(plan, 'firewall') ? refusalOf(async () => await whyCut(plan, after)) : null,
  ])
  return [...lockouts(plan, 'ssh', ssh), ...lockouts(plan, 'firewall', firewall)]
}

async function refusalOf(judge: () => Promise<string | null>): Promise<string | null> {
  try {
    return await judge()
  } catch (error) {
    return `whether you could still come in cannot be told: ${messageOf(error)}`
  }
}

/** Why somebody could not come in any more who can today. */
async function shut(before: Machine, after: Machine, { site: { session } }: HardenPlan): Promise<string | null> {
  const [was, will] = await Promise.all([readEntrance(before), readEntrance(after)])
  if (will === null) return null
  const people = will.people.filter(({ name }) => was === null || whyShut(was, name, session) === null)
  const left = people.filter(({ name }) => whyShut(will, name, session) === null)
  const me = session.connection === null ? null : session.user
  if (me !== null && people.some(({ name }) => name === me) && !left.some(({ name }) => name === me) && !standsIn(me, left, will)) {
    return `${me}, who is logged in over SSH, could not come in again: ${whyShut(will, me, session)}`
  }
  if (people.length === 0 || left.length > 0) return null
  return `nobody could come in over SSH any more: ${people.map(({ name }) => `${name}: ${whyShut(will, name, session)}`).join('; ')}`
}

/** A session of root may end where another administrator comes in with a key. */
function standsIn(me: string, left: readonly { name: string }[], { groupsOf }: Entrance): boolean {
  return me === 'root' && left.some(({ name }) => groupsOf(name).some((group) => ['sudo', 'wheel', 'admin'].includes(group)))
}

function touches({ steps }: HardenPlan, part: Part): boolean {
  return steps.some((step) => step.part === part)
}

function lockouts({ mends }: HardenPlan, part: Part, why: string | null): { check: string; why: string }[] {
  if (why === null) return []
  return mends.filter(({ fix }) => fix!.part === part && fix!.risk === 'lockout').map(({ id }) => ({ check: id, why }))
}
