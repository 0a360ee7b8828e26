import type { Check } from '../check.ts'
import addOnsNotAffected from './versions/add-ons-not-affected.ts'
import advisoriesFresh from './versions/advisories-fresh.ts'
import advisoriesNameVersions from './versions/advisories-name-versions.ts'
import nodeSupported from './versions/node-supported.ts'
import openclawNotAffected from './versions/openclaw-not-affected.ts'
import openclawRecent from './versions/openclaw-recent.ts'
import osSupported from './versions/os-supported.ts'
import runningEqualsInstalled from './versions/running-equals-installed.ts'

export const versions: readonly Check[] = [
  addOnsNotAffected,
  advisoriesFresh,
  advisoriesNameVersions,
  nodeSupported,
  openclawNotAffected,
  openclawRecent,
  osSupported,
  runningEqualsInstalled,
]
