import { examplePeople } from './example-people.ts'

/** OpenClaw as a service of the system in miniature, under an account of its own: files of an example. */
export const exampleService = {
  ...examplePeople,
  '/etc/passwd': `${examplePeople['/etc/passwd']}openclaw:x:998:998::/var/lib/openclaw:/usr/sbin/nologin\n`,
  '/etc/group': `${examplePeople['/etc/group']}openclaw:x:998:\n`,
  '/etc/ssh/sshd_config': 'UsePAM yes\n',
  '/etc/systemd/system/openclaw.service': unit('User=openclaw'),
} as const

/** The unit with more lines in its `[Service]`. */
export function unit(...lines: readonly string[]): string {
  return ['[Unit]', 'Description=OpenClaw gateway', '[Service]', 'ExecStart=/usr/bin/openclaw gateway run', ...lines, '[Install]', 'WantedBy=multi-user.target', ''].join('\n')
}
