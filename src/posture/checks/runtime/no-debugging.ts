import { defineCheck } from '../../check.ts'
import { exampleService, unit } from '../../example-openclaw.ts'
import type { RuntimeFacts } from '../../facts/runtime.ts'

const flags = /(^|\s|=)(--inspect(-brk|-wait)?(=\S*)?|--no-sandbox|--disable-web-security)(?=\s|$|"|')/

export default defineCheck({
  id: 'runtime.no-debugging',
  title: 'the gateway was not started for debugging',
  severity: 'high',
  why: 'an inspector runs any code for every program on this machine; a browser without its sandbox lets a page out',
  source: 'Node.js docs, Inspector security; OpenClaw security guides: disable debug modes in persistent environments',
  needs: ['runtime'],
  applies: ({ runtime }) => runtime.units.length > 0 || runtime.processes.length > 0,
  judge: ({ runtime }) => debugging(runtime),
  manual: 'take the flag out of ExecStart= or NODE_OPTIONS (systemctl edit --full UNIT) and restart the gateway',
  examples: {
    pass: { plain: { files: exampleService } },
    fail: { inspect: { files: { ...exampleService, '/etc/systemd/system/openclaw.service': unit('User=openclaw', 'Environment=NODE_OPTIONS=--inspect=0.0.0.0:9229') } }, process: { files: { ...exampleService, '/proc/9/cmdline': 'node\0/usr/lib/node_modules/openclaw/openclaw.mjs\0gateway\0--inspect\0' } } },
  },
})

function debugging({ units, processes }: RuntimeFacts): { at: string; saw: string; want: string }[] {
  const said = units.flatMap(({ settings }) => settings).filter(({ key }) => key === 'Environment' || key === 'ExecStart').map(({ path, line, value }) => ({ at: `${path}:${line}`, text: value }))
  const running = processes.map(({ pid, argv }) => ({ at: `process ${pid}`, text: argv.join(' ') }))
  return [...said, ...running].flatMap(({ at, text }) => {
    const flag = flags.exec(text)?.[2]
    return flag === undefined ? [] : [{ at, saw: flag.split('=')[0]!, want: 'without it' }]
  })
}
