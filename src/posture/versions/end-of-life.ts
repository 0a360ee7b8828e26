// long: one table for each thing that ends
import { parseVersion } from './version.ts'

/** When a line of releases stops getting security fixes, as its makers say. */
export interface EndOfLife {
  /** Last day with fixes for everybody, `YYYY-MM-DD`. Where only a month is published, its last day. */
  free: string
  /** Last day with fixes for those who enrol or pay, or from volunteers; `null` where there is none. */
  extended: string | null
}

/** The day these tables were written down, without a network: a date its makers moved since is wrong in here. */
export const endOfLifeDate = '2026-11-21'

/** https://github.com/nodejs/Release/blob/main/schedule.json, by major version. */
export const nodeEnds: Readonly<Record<string, EndOfLife>> = {
  12: { free: '2022-04-30', extended: null },
  14: { free: '2023-04-30', extended: null },
  16: { free: '2023-09-11', extended: null },
  18: { free: '2025-04-30', extended: null },
  19: { free: '2023-06-01', extended: null },
  20: { free: '2026-04-30', extended: null },
  21: { free: '2024-06-01', extended: null },
  22: { free: '2027-04-30', extended: null },
  23: { free: '2025-06-01', extended: null },
  24: { free: '2028-04-30', extended: null },
  25: { free: '2026-06-01', extended: null },
  26: { free: '2029-04-30', extended: null },
}

interface Releases {
  source: string
  ends: Readonly<Record<string, EndOfLife>>
}

/** By `ID` of os-release, then by `VERSION_ID`, whole or up to the first dot. */
export const osEnds: Readonly<Record<string, Releases>> = {
  debian: {
    source: 'https://wiki.debian.org/LTS and https://www.debian.org/releases/',
    ends: {
      10: { free: '2024-06-30', extended: null },
      // The volunteers of LTS ship through the normal security archive, to everybody.
      11: { free: '2026-08-31', extended: null },
      12: { free: '2028-06-30', extended: null },
      13: { free: '2030-06-30', extended: null },
    },
  },
  ubuntu: {
    source: 'https://ubuntu.com/about/release-cycle',
    ends: {
      '18.04': { free: '2023-05-31', extended: '2028-04-30' },
      '20.04': { free: '2025-05-31', extended: '2030-04-30' },
      '22.04': { free: '2027-04-30', extended: '2032-04-30' },
      '23.10': { free: '2024-07-31', extended: null },
      '24.04': { free: '2029-04-30', extended: '2034-04-30' },
      '24.10': { free: '2025-07-31', extended: null },
      '25.04': { free: '2026-01-31', extended: null },
      '25.10': { free: '2026-07-31', extended: null },
      '26.04': { free: '2031-04-30', extended: '2036-04-30' },
    },
  },
  alpine: {
    source: 'https://alpinelinux.org/releases/',
    ends: {
      '3.18': { free: '2025-05-09', extended: null },
      '3.19': { free: '2025-11-01', extended: null },
      '3.20': { free: '2026-04-01', extended: null },
      '3.21': { free: '2026-11-01', extended: null },
      '3.22': { free: '2027-05-01', extended: null },
    },
  },
  rhel: {
    source: 'https://access.redhat.com/support/policy/updates/errata',
    ends: {
      7: { free: '2024-06-30', extended: '2028-06-30' },
      8: { free: '2029-05-31', extended: null },
      9: { free: '2032-05-31', extended: null },
      10: { free: '2035-05-31', extended: null },
    },
  },
  centos: { source: 'https://www.centos.org/centos-linux-eol/', ends: { 7: { free: '2024-06-30', extended: null }, 8: { free: '2024-05-31', extended: null } } },
  rocky: { source: 'https://wiki.rockylinux.org/rocky/version/', ends: { 8: { free: '2029-05-31', extended: null }, 9: { free: '2032-05-31', extended: null } } },
  almalinux: { source: 'https://wiki.almalinux.org/release-notes/', ends: { 8: { free: '2029-05-31', extended: null }, 9: { free: '2032-05-31', extended: null } } },
}

/** Derivatives that live and die with another. */
const sameAs: Readonly<Record<string, string>> = { raspbian: 'debian' }

/** `null` when the table does not know it: newer than the table, or a system nobody entered. Pure. */
export function endOfNode(version: string): EndOfLife | null {
  const major = parseVersion(version)?.numbers[0]
  return major === undefined ? null : (nodeEnds[String(major)] ?? null)
}

/** @returns when and who says so, `null` for systems and releases that are not in the table. Pure. */
export function endOfOs(id: string, versionId: string): (EndOfLife & { source: string }) | null {
  const releases = osEnds[sameAs[id] ?? id]
  const end = releases?.ends[versionId] ?? releases?.ends[versionId.split('.')[0]!]
  return releases && end ? { ...end, source: releases.source } : null
}
