import bindLoopback from './gateway/bind-loopback.ts'

export const gateway = [bindLoopback]
