import { beside } from '../beside.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixedRows } from '../prefixed.ts'
import { fill, fillUuid, mark } from '../sample.ts'

const gitleaks = 'gitleaks, default rules'
const uuid = '[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}'
const uuidNames = [
  'messagebird', 'message_bird', 'message-bird', 'kucoin', 'sendbird', 'hubspot', 'squarespace',
] as const

/** Selling, paying, exchanges, and customers. What carries a vendor's prefix is mostly in payments.ts. */
export const commerce: readonly SecretPattern[] = [
  ...namedRows([
    ['bittrex.key', 'Bittrex key', gitleaks, ['bittrex'], 'lower', 32],
    ['coinbase.token', 'Coinbase token', gitleaks, ['coinbase'], 'url', 64],
    ['finnhub.token', 'Finnhub token', gitleaks, ['finnhub'], 'lower', 20],
    ['gocardless.token', 'GoCardless token', gitleaks, ['gocardless'], 'urlpad', 40, 'live_'],
    ['kraken.token', 'Kraken key', gitleaks, ['kraken'], 'base64', [80, 90]],
    ['kucoin.token', 'KuCoin key', gitleaks, ['kucoin'], 'hex', 24],
    ['plaid.client-id', 'Plaid client id', gitleaks, ['plaid'], 'lower', 24],
    ['plaid.secret-key', 'Plaid secret', gitleaks, ['plaid'], 'lower', 30],
  ]),
  {
    id: 'lob.key',
    type: 'lob-key',
    title: 'Lob key',
    source: 'gitleaks rules lob-api-key and lob-pub-api-key',
    keywords: ['live_', 'test_'],
    shape: /(?:live|test)_(?:[a-f0-9]{35}|pub_[a-f0-9]{31})(?![A-Za-z0-9])/,
    examples: {
      found: [mark(`live_${fill(35, 'hex')}`), mark(`test_pub_${fill(31, 'hex')}`)],
      passed: ['test_database_url', `test_${fill(34, 'hex')}`],
    },
  },
  {
    id: 'commerce.uuid-beside-name',
    type: 'commerce-key',
    title: 'key that is a UUID beside the name of a shop, an exchange or a customer service',
    source: 'gitleaks rules hubspot-api-key, kucoin-secret-key, sendbird-access-id, squarespace-access-token',
    certainty: 'context',
    keywords: uuidNames,
    ignoreCase: true,
    anywhere: true,
    shape: beside(uuidNames, uuid),
    examples: { found: [`HUBSPOT_KEY=${mark(fillUuid())}`], passed: ['hubspot: portal', 'squarespace: 7.1'] },
  },
  ...prefixedRows([
    ['adyen.key', 'Adyen API key', 'Adyen docs, API credentials', ['AQE'], 'base64', 100],
    ['mercadopago.token', 'Mercado Pago token', 'Mercado Pago docs, credentials', ['APP_USR-'], 'url', 40],
    ['midtrans.key', 'Midtrans server key', 'Midtrans docs, access keys', ['Mid-server-'], 'url', 20],
    ['pagarme.key', 'Pagar.me key', 'Kingfisher, default rules', ['ak_live_', 'ak_test_'], 'alnum', 30],
    ['paypal.token', 'PayPal access token', 'PayPal docs, REST authentication', ['A21AA'], 'url', 80],
    ['xendit.key', 'Xendit key', 'Xendit docs, API keys', ['xnd_production_', 'xnd_development_'], 'alnum', 30],
    ['woocommerce.key', 'WooCommerce key', 'WooCommerce docs, REST API keys', ['ck_', 'cs_'], 'hex', 40],
    ['stytch.secret', 'Stytch secret', 'Stytch docs, API keys', ['secret-live-', 'secret-test-'], 'urlpad', 32],
  ]),
]
