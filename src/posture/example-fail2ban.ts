/** Fail2Ban as a package brings it, started with the machine: files of an example. */
export const fail2banOn = {
  '/usr/bin/fail2ban-server': '',
  '/etc/fail2ban/jail.conf': '# Do not change here\n[DEFAULT]\nbantime  = 10m\nmaxretry = 5\nenabled = false\n[sshd]\nport    = ssh\n[nginx-http-auth]\nport = http,https\n',
  '/etc/systemd/system/multi-user.target.wants/fail2ban.service': '',
} as const
