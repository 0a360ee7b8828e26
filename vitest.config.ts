import { defineConfig } from 'vitest/config'

// Two projects: `unit` is everything that needs nobody else and may run side by side; `journeys` is everything that
// goes through the one real gateway, started once per run by its setup, and so runs one file after the other.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2, // the machines this is developed and checked on have two cores
    // Only a test that hangs takes this long; a busy machine is no reason to fail.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/laws/**/*.test.ts', 'tests/suites/**/*.test.ts'],
          setupFiles: ['tests/temp-folder.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['tests/journeys/**/*.test.ts', 'tests/attacks/**/*.test.ts'],
          globalSetup: ['tests/journeys/setup.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 }, // after the units: a broken brick is told before the wall falls
          // OpenClaw's gateway takes 12 to 45 s to start, and a journey may restart it.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          teardownTimeout: 30_000,
        },
      },
    ],
  },
})
