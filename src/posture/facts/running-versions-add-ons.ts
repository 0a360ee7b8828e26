import { stateDirOf, type FactReader } from '../subject.ts'
import { findAddOns, type AddOn } from '../versions/add-ons.ts'

/** Plugins and skills in OpenClaw's state folder, with their versions. */
export const addOns: FactReader<readonly AddOn[]> = {
  async read(subject, _, leave) {
    return await findAddOns(subject.files, stateDirOf(subject), leave)
  },
}
