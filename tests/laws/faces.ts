import type { File } from './tree.ts'

/** Rooms without a face, and faces that do not say what the room is for. */
export function facelessRooms(files: readonly File[]): string[] {
  const sources = files.filter(({ path }) => /^src\/[^/]+\//.test(path))
  const rooms = [...new Set(sources.map(({ path }) => path.split('/')[1]!))].sort()
  return rooms.flatMap((room) => {
    const face = sources.find(({ path }) => path === `src/${room}/index.ts`)
    if (!face) return [`src/${room} has no index.ts`]
    return /^\/\*\*\s*\n? ?\*? ?\S/.test(face.text) ? [] : [`${face.path} does not open with what the room is for`]
  })
}
