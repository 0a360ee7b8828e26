import { beside } from '../beside.ts'
import { anyOf } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksTyped } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

/** Mail and telephone. */
export const messages: readonly SecretPattern[] = [
  {
    id: 'sendgrid.key',
    type: 'sendgrid-key',
    title: 'SendGrid API key',
    source: 'SendGrid docs, API keys: SG., 22, dot, 43',
    keywords: ['SG.'],
    // The lengths are what keys have today: a longer or padded one is no less a key.
    shape: anyOf(/SG\.[A-Za-z0-9_-]{16,128}\.[A-Za-z0-9_-]{32,128}/, /SG\.[A-Za-z0-9=_.-]{66}/),
    accept: (key) => !looksTyped(key) && !key.includes('..'), // no part of a key is empty
    examples: { found: [mark(`SG.${fill(22, 'url')}.${fill(43, 'url')}`)], passed: ['SG.short.name', 'SG.'] },
  },
  {
    id: 'mailgun.key',
    type: 'mailgun-key',
    title: 'Mailgun API key',
    source: 'gitleaks rule mailgun-private-api-token',
    keywords: ['key-', 'pubkey-'],
    shape: /(?:pub)?key-[a-f0-9]{32}(?![A-Za-z0-9])/,
    examples: { found: [`api:${sample('key-', 32, 'hex')}`], passed: [`key-${fill(40, 'hex')}`, 'key-value'] },
  },
  {
    id: 'mailgun.signing-key',
    type: 'mailgun-key',
    title: 'Mailgun key of the new form',
    source: 'gitleaks rule mailgun-signing-key',
    certainty: 'context',
    keywords: ['mailgun'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('mailgun', '[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}'),
    examples: {
      found: [`mailgun_key: ${mark(`${fill(32, 'hex')}-${fill(8, 'hex')}-${fill(8, 'hex')}`)}`],
      passed: ['mailgun: enabled'],
    },
  },
  {
    id: 'mailchimp.key',
    type: 'mailchimp-key',
    title: 'Mailchimp API key',
    source: 'Mailchimp docs, API keys: the data centre ends it',
    keywords: ['-us'],
    lead: { class: 'a-f0-9', most: 32 },
    shape: /[a-f0-9]{32}-us[0-9]{1,2}(?![A-Za-z0-9])/,
    examples: { found: [`key ${mark(`${fill(32, 'hex')}-us18`)}`], passed: ['i18n-us', `${fill(31, 'hex')}-us1`] },
  },
  prefixed(
    {
      id: 'brevo.key',
      type: 'brevo-key',
      title: 'Brevo (Sendinblue) key',
      source: 'gitleaks rule sendinblue-api-token',
    },
    ['xkeysib-', 'xsmtpsib-'],
    { of: 'url', least: 64 },
  ),
  {
    id: 'resend.key',
    type: 'resend-key',
    title: 'Resend API key',
    source: 'Resend docs, API keys',
    keywords: ['re_'],
    shape: /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}(?![A-Za-z0-9_])/,
    accept: (key) => /[0-9]/.test(key) && /[A-Z]/.test(key),
    examples: { found: [mark(`re_${fill(8)}_${fill(24)}`)], passed: ['re_compiled_pattern_for_matching'] },
  },
  {
    id: 'twilio.key',
    type: 'twilio-key',
    title: 'Twilio API key or account id',
    source: 'Twilio docs, SIDs: ^(SK|AC)[0-9a-fA-F]{32}$',
    keywords: ['SK', 'AC'].flatMap((start) => [...'0123456789abcdefABCDEF'].map((digit) => start + digit)),
    shape: /(?:SK|AC)[A-Fa-f0-9]{32}(?![A-Za-z0-9])/,
    examples: { found: [sample('SK', 32, 'hex'), sample('AC', 32, 'hex')], passed: [`SK${fill(33, 'hex')}`, 'ACME'] },
  },
  {
    id: 'twilio.auth-token',
    type: 'twilio-auth-token',
    title: 'Twilio auth token',
    source: 'Twilio docs, auth tokens',
    certainty: 'context',
    keywords: ['twilio'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('twilio', '[a-f0-9]{32}'),
    examples: { found: [`TWILIO_AUTH_TOKEN=${sample('', 32, 'hex')}`], passed: ['twilio: true'] },
  },
  {
    id: 'postmark.token',
    type: 'postmark-token',
    title: 'Postmark server token',
    source: 'Postmark docs, authentication',
    certainty: 'context',
    keywords: ['postmark'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('postmark', '[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}'),
    examples: { found: [`POSTMARK_SERVER_TOKEN=${mark(fillUuid())}`], passed: ['postmark: none'] },
  },
]
