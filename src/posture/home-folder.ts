import { posix } from 'node:path'

/** The home `openclaw.json` most likely belongs to: two folders up, as in `~/.openclaw/openclaw.json`. */
export function homeOf(configPath: string): string {
  return posix.dirname(posix.dirname(configPath))
}

/** A path as somebody wrote it, with `~` for their home. */
export function fromHome(path: string, home: string): string {
  return path.replace(/^~(?=\/|$)/, home)
}
