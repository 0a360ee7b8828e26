import { guardUid, inside, openclawUid } from './containers.ts'
import type { InstallationFacts } from './facts.ts'
import type { Profile, ProfileFile } from './profile.ts'

/** How the two images are built. */
export const containerfile: Profile = {
  name: 'containerfile',
  title: 'the images of guard and OpenClaw: not root, nothing secret in a layer, the base pinned by its digest',
  files: (facts) => imageFiles(facts),
  notes: () => imageNotes,
}

export const imageNotes: string[] = [
  'images: put the tarball of `npm run pack` beside the Containerfile; NODE_IMAGE must be set to a Node 24 image by its digest (name@sha256:…): a tag can be moved, a digest cannot, and only you can say which image you trust',
]

/** The Containerfile and what keeps secrets out of its context. */
export function imageFiles(facts: InstallationFacts): ProfileFile[] {
  return [
    { path: 'Containerfile', text: images(facts), mode: 0o644 },
    { path: '.dockerignore', text: `*\n!hardshell-${facts.versions.hardshell}.tgz\n`, mode: 0o644 },
  ]
}

// Lifecycle scripts of packages stay off; OpenClaw finishes its own installation on a first run as the owner of its files.
// npm's cache and its logs, which name the registry and whatever proxy led there, stay out of the layer: `npm cache clean`
// leaves the logs. Npm and OpenClaw keep compiled code in /tmp. No HEALTHCHECK: images of the OCI format have none, and what
// is healthy depends on how an image is run, so each profile says it.
function images({ versions }: InstallationFacts): string {
  const install = 'npm install --ignore-scripts --no-audit --no-fund --omit=dev --cache /tmp/npm --logs-max=0'
  const swept = 'rm -rf /tmp/npm /tmp/node-compile-cache'
  return `# There is no default on purpose: a base image is pinned by digest, by the one who trusts it.
ARG NODE_IMAGE
FROM \${NODE_IMAGE} AS guard
WORKDIR /opt/hardshell
COPY hardshell-${versions.hardshell}.tgz ./
RUN ${install} --omit=optional ./hardshell-${versions.hardshell}.tgz \\
 && rm hardshell-${versions.hardshell}.tgz && ${swept} \\
 && mkdir -p ${inside.guardState} && chown ${guardUid}:${guardUid} ${inside.guardState} && chmod 0700 ${inside.guardState}
WORKDIR /
USER ${guardUid}:${guardUid}
CMD ["${inside.node}", "${inside.hardshell}", "--help"]

FROM \${NODE_IMAGE} AS openclaw
WORKDIR /opt/openclaw
RUN ${install} openclaw@${versions.openclaw} \\
 && HOME=/tmp NODE_DISABLE_COMPILE_CACHE=1 ${inside.node} ${inside.openclaw} --version \\
 && ${swept} \\
 && mkdir -p ${inside.openclawState} ${inside.privateSecrets} \\
 && chown ${openclawUid}:${openclawUid} ${inside.openclawState} ${inside.privateSecrets} && chmod 0700 ${inside.openclawState} ${inside.privateSecrets}
WORKDIR ${inside.openclawState}
USER ${openclawUid}:${openclawUid}
CMD ["${inside.node}", "${inside.openclaw}", "gateway", "run"]
`
}
