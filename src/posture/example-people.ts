/** Two accounts in miniature, root and the person who asks, with a key to come back with: files of an example. */
export const examplePeople = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nclaw:x:1000:1000::/home/claw:/bin/bash\n',
  '/etc/group': 'root:x:0:\nsudo:x:27:claw\ndocker:x:990:\nclaw:x:1000:\n',
  '~/.ssh/authorized_keys': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOIRWCLnPrbVRnlKMPaGNTcXmLYfVDDpGvfnkvPzLMcD claw@laptop\n',
} as const
