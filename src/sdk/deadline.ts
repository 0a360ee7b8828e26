/** Aborts what listens to its signal unless it is put off in time. */
export interface Deadline {
  signal: AbortSignal
  /** True once the time ran out; ending it does not count. */
  passed(): boolean
  /** Starts the time anew: something was heard. */
  putOff(): void
  /** Stops the time and lets go of what still listens. */
  end(): void
}

export function createDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  let struck = false
  let timer: NodeJS.Timeout | undefined
  const putOff = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      struck = true
      controller.abort()
    }, timeoutMs)
  }
  putOff()
  return {
    signal: controller.signal,
    passed: () => struck,
    putOff,
    end() {
      clearTimeout(timer)
      controller.abort()
    },
  }
}
