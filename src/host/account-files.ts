/** A line of /etc/passwd. */
export interface PasswdLine {
  name: string
  uid: number
  gid: number
  home: string
  shell: string
}

/** A line of /etc/group. */
export interface GroupLine {
  name: string
  gid: number
  members: readonly string[]
}

/** Lines that are none are left out. Pure. */
export function parsePasswd(text: string): readonly PasswdLine[] {
  return fields(text, 7).map(([name, , uid, gid, , home, shell]) => ({ name: name!, uid: Number(uid), gid: Number(gid), home: home!, shell: shell! }))
}

export function parseGroup(text: string): readonly GroupLine[] {
  return fields(text, 4).map(([name, , gid, members]) => ({ name: name!, gid: Number(gid), members: members!.split(',').filter((member) => member !== '') }))
}

/** Does this shell refuse a login? `sync`, `halt` and `shutdown` do their one thing and end. */
export function loginRefused(shell: string): boolean {
  return /(^|\/)(nologin|false|sync|halt|shutdown)$/.test(shell)
}

function fields(text: string, count: number): string[][] {
  return text.split('\n').map((line) => line.split(':')).filter((line) => line.length >= count && !line[0]!.startsWith('#'))
}
