/** Fail2Ban as a package brings it, started with the machine: files of an example. */
export const fail2banOn = {
  '/usr/bin/fail2ban-server': '',
  '/etc/fail2ban/jail.conf': '# Do not change here\n[DEFAULT]\nbantime  = 10m\nmaxretry = 5\nenabled = false\n[sshd]\nport    = ssh\n[nginx-http-auth]\nport = http,https\n',
  '/etc/systemd/system/multi-user.target.wants/fail2ban.service': '',
} as const

/** A machine of today: systemd, and no rsyslog that would write a log of logins. */
export const noLog = { '/run/systemd/system': { kind: 'folder' } } as const
