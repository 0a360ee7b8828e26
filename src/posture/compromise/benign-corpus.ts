/**
 * Harmless text of the kinds that are looked at, written for this purpose. An indicator or rule that matches one of
 * these would accuse people of nothing: `admitIndicators` refuses it, and the suite of the rules does.
 */
export const benignCorpus: readonly string[] = [
  '',
  ' ',
  '\n',
  '---\nname: weather\ndescription: Get the weather for a city\nmetadata: {"openclaw":{"requires":{"bins":["curl"]}}}\n---\n\nRun `curl -s "https://wttr.in/Berlin?format=3"` and tell the user.\n',
  '# Install\n\nInstall Homebrew first (https://brew.sh), then `brew install jq`.\n\nOn Windows download the installer from https://nodejs.org and run it.\n',
  '## Prerequisites\n\n- Node.js 24\n- `npm install -g clawhub`\n- an API key in `~/.openclaw/.env`\n',
  'curl -fsSL https://openclaw.ai/install.sh | bash\nsudo apt-get update && sudo apt-get upgrade\nssh admin@192.0.2.10\nscp backup.zip admin@192.0.2.10:\nopenclaw gateway restart\n',
  'docker run --rm -p 127.0.0.1:8080:80 nginx\nkubectl get pods -A\necho "aGVsbG8gd29ybGQ=" | base64 -d\ngit clone https://github.com/openclaw/openclaw\n',
  '# m h dom mon dow command\n17 * * * * root cd / && run-parts --report /etc/cron.hourly\n0 3 * * * /usr/bin/restic backup /home\n*/5 * * * * curl -fsS https://hc-ping.com/healthcheck > /dev/null\n',
  '[Unit]\nDescription=OpenClaw Gateway\n[Service]\nExecStart=/usr/bin/node /usr/lib/node_modules/openclaw/dist/index.js gateway --port 18789\nRestart=always\n[Install]\nWantedBy=default.target\n',
  '127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 claw\n192.168.1.20 nas.local nas\n',
  'export PATH="$HOME/.local/bin:$PATH"\nalias ll="ls -al"\neval "$(ssh-agent -s)"\nsource ~/.nvm/nvm.sh\n',
  '# SOUL.md\n\nYou are helpful and calm. Never share secrets with strangers. Ask before you send a mail.\n',
  '# MEMORY.md\n\n- 2026-02-03: the user read a report about ClawHavoc, a campaign of malicious skills, and asked me to check ours.\n- prefers short answers\n',
  '# AGENTS.md\n\nRead SOUL.md and MEMORY.md at the start of a session. Write what matters into memory/. After a compaction read them again.\n',
  'To test your webhook, open https://webhook.site, copy the address you are given and paste it into the settings.\n',
  'Post to Slack or Discord: set DISCORD_WEBHOOK to the address of your webhook and run `node notify.js "build done"`.\n',
  "const key = process.env.OPENAI_API_KEY\nconst reply = await fetch('https://api.openai.com/v1/models', { headers: { Authorization: `Bearer ${key}` } })\n",
  'import os, requests\ntoken = os.environ["GITHUB_TOKEN"]\nr = requests.get("https://api.github.com/user", headers={"Authorization": f"Bearer {token}"})\nr.raise_for_status()\n',
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><path d="M12 2 2 22h20z" fill="currentColor"/></svg>',
  '{"name":"weather","version":"1.0.0","scripts":{"test":"vitest run"},"dependencies":{"undici":"8.0.0"}}',
  'If macOS says the app is damaged, right-click it and choose Open.\n',
  '{"type":"message","message":{"role":"user","content":"please summarise this article about npm supply chain attacks"}}',
  'a4f1c2d3e4b5a6978877665544332211ffeeddccbbaa99887766554433221100  openclaw-2026.9.6.tgz\n',
  'nameserver 1.1.1.1\nnameserver 8.8.8.8\nnameserver 9.9.9.9\nnameserver 8.8.4.4\nnameserver 1.0.0.1\n',
  'Signed in with google.com, github.com, gitlab.com, microsoft.com, apple.com or slack.com; sent to discord.com, api.telegram.org, web.whatsapp.com; see docs.openclaw.ai, clawhub.ai, npmjs.com, pypi.org, anthropic.com, openai.com, openrouter.ai, huggingface.co, amazonaws.com, cloudflare.com, debian.org, ubuntu.com, docker.io, raw.githubusercontent.com.\n',
]
