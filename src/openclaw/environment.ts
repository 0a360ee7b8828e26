/** Where a program of OpenClaw finds its things. */
export interface OpenClawPlaces {
  home: string
  configFile: string
  stateDirectory: string
  /** A folder only its user can write to. */
  compileCache: string
}

/** The whole environment of a program of OpenClaw that is started by us: nothing of the caller's goes in. */
export function openclawEnvironment({ home, configFile, stateDirectory, compileCache }: OpenClawPlaces): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    OPENCLAW_STATE_DIR: stateDirectory,
    OPENCLAW_CONFIG_PATH: configFile,
    OPENCLAW_CONFIG_READONLY: '1',
    OPENCLAW_HIDE_BANNER: '1',
    // Its default in /tmp belongs to whoever came first, and is run.
    NODE_COMPILE_CACHE: compileCache,
    // Else it starts itself a second time to move that cache, and the death note reaches only the first process.
    OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED: '1',
  }
}
