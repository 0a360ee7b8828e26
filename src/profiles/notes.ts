import type { InstallationFacts } from './facts.ts'

/** What profiles in parts need said: how OpenClaw identifies itself at the model proxy. */
export function modelTokenNotes({ modelTokenConfigured, providers }: InstallationFacts): string[] {
  // A model proxy without keys of its own (the scripted model) asks nobody who he is.
  if (modelTokenConfigured || providers.every(({ secretName }) => secretName === null)) return []
  return ['api.yaml needs the token OpenClaw calls models with: api.auth.tokens: [{id: openclaw, value: $OPENCLAW_MODEL_TOKEN, permissions: [write]}]']
}
