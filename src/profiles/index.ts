/**
 * Texts that other programs obey: systemd units, Compose and Podman, AppArmor, Kubernetes, a Containerfile. Each profile
 * is a pure function from the facts of an installation to files; nothing in here writes, asks or runs. Promised: the
 * same facts give the same bytes, every value is written so that its reader cannot take it for syntax, no file holds a
 * secret, and what a profile cannot enforce is said in its notes.
 *
 * Two shapes of an installation are known. *Whole*: one guard, root, that starts the gateway as its child under a uid
 * of its own; every surface is proven (`systemd`). *Parts*: the three proxies and the gateway are neighbours that only
 * meet on loopback or on a network without a way out (`systemd-parts`, containers); the kernel holds what the guard
 * would otherwise, and the plugin's questions and the proofs are not part of it.
 */
export type { InstallationFacts, Limits, ProviderFacts } from './facts.ts'
export type { Profile, ProfileFile } from './profile.ts'
export { findProfile, profiles } from './registry.ts'
export { lineDifference } from './difference.ts'
export { exposureOf, unitsOf, type UnitVerdict } from './exposure.ts'
export { profilesErrors, type ProfilesErrorCode } from './errors.ts'
export type { ProfileSettings } from './settings.ts'
