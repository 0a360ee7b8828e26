import { createHash } from 'node:crypto'

const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --ink: #16181d; --soft: #5d6472; --line: #d5d9e0; --mark: #0b6e4f; --bad: #a4161a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101216; --card: #181b21; --ink: #e9ebef; --soft: #9aa2b1; --line: #2c313a; --mark: #3fbf8f;
    --bad: #ff8a8a;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%; max-width: 24rem; padding: 2rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
h1 { margin: 0; font-size: 1.25rem; letter-spacing: -.01em }
h1::before {
  content: ""; display: block; width: 2.25rem; height: 2.25rem; margin-bottom: 1rem;
  background: var(--mark); border-radius: 55% 55% 45% 45% / 70% 70% 30% 30%;
}
p { margin: .25rem 0 1.5rem; color: var(--soft) }
.bad { margin: 0 0 1rem; color: var(--bad); font-weight: 600 }
label { display: block; margin-bottom: .375rem; font-weight: 600 }
input, button { width: 100%; padding: .625rem .75rem; border-radius: .5rem; font: inherit }
input { border: 1px solid var(--line); background: var(--ground); color: inherit }
input:focus-visible, button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
button {
  margin-top: 1rem; border: 0; background: var(--mark); color: var(--card); font-weight: 600; cursor: pointer;
}
`

/** The login page: one field, no script, nothing loaded from anywhere. */
export function loginPage(failed: boolean): string {
  const notice = failed ? '<p class="bad" role="alert">That token is not valid.</p>' : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in · Hardshell</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Hardshell</h1>
<p>This OpenClaw is guarded. Log in with your access token.</p>
${notice}
<form method="post" action="/hardshell/login" autocomplete="off">
<label for="token">Access token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password" spellcheck="false">
<button type="submit">Log in</button>
</form>
</main>
</body>
</html>
`
}

/** The page may be styled by its own style sheet and send its form home; nothing else. */
export const pageHeaders = {
  // Under `no-referrer` browsers send the form with `Origin: null`, which is refused like any foreign origin.
  'referrer-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
}
