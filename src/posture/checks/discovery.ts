import mdnsNotFull from './discovery/mdns-not-full.ts'
import notWideArea from './discovery/not-wide-area.ts'

export const discovery = [mdnsNotFull, notWideArea]
