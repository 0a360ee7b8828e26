import { z } from 'zod'

/** `backup`: what is kept where, for whom. */
export const backupSettings = z
  .strictObject({
    destination: z
      .string()
      .regex(/^(\/.|s3:\/\/[a-z0-9][a-z0-9.-]+)/, 'a backup goes to an absolute path or to s3://bucket/folder')
      .optional()
      .describe('folder or S3 address backups go to')
      .meta({ enforced: false }),
    recipient: z
      .string()
      .min(1)
      .optional()
      .describe('age or OpenPGP recipient backups are encrypted for')
      .meta({ enforced: false }),
    storage_class: z
      .enum(['STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE'])
      .optional()
      .describe('S3 storage class')
      .meta({ enforced: false }),
    include: z
      .array(z.enum(['configuration', 'agents', 'workflows', 'skills', 'memory', 'audit_log']))
      .default(['configuration', 'agents', 'workflows', 'audit_log'])
      .describe('what is backed up; secrets never are')
      .meta({ enforced: false }),
    snapshots: z
      .strictObject({
        keep: z
          .int()
          // Ten tell what a bad afternoon did; a snapshot of a usual configuration is 10 KiB, so 10,000 are 100 MB.
          .min(10)
          .max(10_000)
          .default(200)
          .describe('snapshots of the configuration that stay: so many of our own changes, and so many of what others changed')
          .meta({ unit: 'count', enforced: true }),
      })
      .prefault({}),
  })
  .prefault({})
  .describe('backups')
