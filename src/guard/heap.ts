import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the objects of a call young, and the heap of the old ones small. V8 judges in the first, cold seconds which
 * places allocate for long, and then puts some ten kilobytes of every model call where only a full collection finds
 * them: a pause of 30 ms several times a second under load, and half of the time of a call. And it lets the old heap
 * double and more before it looks; half as much again costs nothing to speak of. Measured by
 * `node bench/model-proxy.ts` with and without.
 *
 * How large the heap of young objects may grow is only heard on the command line (`--max-semi-space-size`): by itself it
 * takes up to 128 MB on a busy guard.
 */
export function keepCallsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
  setFlagsFromString('--heap-growing-percent=50')
}
