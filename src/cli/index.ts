/**
 * The command line. Results go to stdout, talk to stderr; `--json` gives the same data everywhere; exit codes are a
 * public table. A command's own file is loaded when it runs, and imports the one file of the guard it needs instead
 * of its whole face: `hardshell status` must not wait for what `hardshell start` loads.
 */
export { allErrors, exitCodes } from './exit-codes.ts'
export { buildProgram } from './program.ts'
export { run } from './run.ts'
