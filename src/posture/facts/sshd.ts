import { readSshdFiles, sshdLines, type SshdFiles, type SshdLine } from '../../host/index.ts'
import { DoesNotArise, linuxOf, type FactReader } from '../subject.ts'

/** What sshd would do, from its files: no program is asked, so a copy of a machine answers as well. */
export interface SshdFacts {
  /** `sshd_config` and what it includes, by path. */
  files: SshdFiles
  lines: readonly SshdLine[]
}

export const sshd: FactReader<SshdFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const files = await readSshdFiles(host)
    if (files !== null) return { files, lines: sshdLines(files) }
    if ((await host.status('/usr/sbin/sshd')) === null && (await host.names('/etc/ssh/sshd_config.d')) === null) throw new DoesNotArise('no sshd is installed')
    // sshd itself refuses to start like this.
    throw new Error('/etc/ssh/sshd_config is missing')
  },
}
