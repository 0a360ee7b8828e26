import { resolve } from 'node:path'
import { HardshellError, writeFileAtomic } from '../../base/index.ts'
import { readAuthority } from '../../proxy/egress/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell egress ca [--out FILE]`: the certificate programs have to trust whose TLS is inspected. Never its key. */
export async function egressCa(options: Options, terminal: Terminal): Promise<number> {
  const certificate = readAuthority(pathsFor(options, terminal).inspection)
  if (certificate === null) {
    throw new HardshellError('egress.no-authority', 'this installation inspects no host yet, so it has no authority', {
      hint: 'list hosts under egress.inspect in network.yaml, then hardshell start',
    })
  }
  const out = options['out']
  if (typeof out !== 'string') {
    terminal.out(options['json'] === true ? JSON.stringify({ certificate }) : certificate.trimEnd())
    return 0
  }
  const file = resolve(terminal.cwd, out)
  await writeFileAtomic(file, certificate, { mode: 0o644 })
  terminal.out(options['json'] === true ? JSON.stringify({ file }) : `the certificate of the authority is in ${file}; NODE_EXTRA_CA_CERTS=${file} makes Node trust it`)
  return 0
}
