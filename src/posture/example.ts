/**
 * A machine in miniature: what a check is shown to pass or fail on, and what `explain` prints. Facts are gathered from
 * it by the real readers, so an example proves the reader as well.
 */
export interface Example {
  /** The content of `openclaw.json`. Default: no such file. */
  config?: unknown
  /** The same as text, where comments, a broken comma or an old spelling are the point. */
  configText?: string
  /** Files by absolute path. `~` is the home of the person, `$STATE` OpenClaw's state folder; `$GUARD` and `$GUARD_STATE` configuration and state of a guard that then stands before it. Folders above them are made. */
  files?: Readonly<Record<string, string | ExampleFile>>
  /** What programs print, by the whole command: `'ufw status verbose'`. A program that is not in here is not installed. */
  runs?: Readonly<Record<string, string | { out: string; err?: string; status: number }>>
  env?: Readonly<Record<string, string>>
  platform?: 'linux' | 'darwin' | 'win32'
  /** Who asks; 1000 by default. */
  uid?: number
  /** What the programs print once the commands of the fix have been run. Needed only where a fix runs commands. */
  fixedRuns?: Example['runs']
  /** Files as the commands of the fix leave them. */
  fixedFiles?: Example['files']
}

export interface ExampleFile {
  text?: string
  /** Default 0o600, for a folder 0o700. */
  mode?: number
  uid?: number
  gid?: number
  kind?: 'file' | 'folder' | 'link'
  /** Where a link leads. */
  target?: string
  modifiedMs?: number
}
