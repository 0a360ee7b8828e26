import certificatesVerified from './models/certificates-verified.ts'
import noLegacy from './models/no-legacy.ts'
import providersOverTls from './models/providers-over-tls.ts'
import smallOnesReadNoStrangers from './models/small-ones-read-no-strangers.ts'
import strongTier from './models/strong-tier.ts'

export const models = [certificatesVerified, noLegacy, providersOverTls, smallOnesReadNoStrangers, strongTier]
