import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { isPlaceholder, looksTyped } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

/** Shops and payments. */
export const payments: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'stripe.secret-key',
      type: 'stripe-key',
      title: 'Stripe secret or restricted key',
      source: 'Stripe docs, API keys',
      anywhere: true,
    },
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    { of: 'alnum', least: 10 },
  ),
  prefixed(
    {
      id: 'stripe.webhook-secret',
      type: 'stripe-webhook-secret',
      title: 'Stripe webhook signing secret',
      source: 'Stripe docs, webhook signatures',
      anywhere: true,
    },
    ['whsec_'],
    { of: 'base64', least: 24 },
  ),
  prefixed(
    {
      id: 'square.token',
      type: 'square-token',
      title: 'Square access token or secret',
      source: 'gitleaks rule square-access-token',
    },
    ['EAAA'],
    { of: 'url', least: 22 },
  ),
  {
    id: 'square.application-secret',
    type: 'square-token',
    title: 'Square token or application secret with its prefix',
    source: 'gitleaks rules square-access-token and square-secret',
    keywords: ['sq0atp-', 'sq0csp-', 'sq0idp-'],
    // Nothing else begins so: what stands behind is taken up to a blank or a quote, whatever its letters.
    shape: /sq0(?:at|cs|id)p-[^\s"'`,;<>(){}$]{22,64}/,
    tail: 'A-Za-z0-9_-',
    accept: (token) => !looksTyped(token.slice(7)) && !isPlaceholder(token),
    examples: {
      found: [sample('sq0csp-', 43, 'url'), `token: "${mark(`sq0csp-${fill(20)}]^${fill(21)}`)}"`],
      passed: ['sq0csp-…', 'sq0atp-your-access-token-goes-here'],
    },
  },
  prefixed(
    {
      id: 'shopify.token',
      type: 'shopify-token',
      title: 'Shopify access token or secret',
      source: 'Shopify changelog, length of access tokens; gitleaks rules shopify-*',
      anywhere: true,
    },
    ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    { of: 'alnum', least: 32 },
  ),
  {
    id: 'braintree.access-token',
    type: 'braintree-token',
    title: 'PayPal Braintree access token',
    source: 'Braintree docs, access tokens',
    keywords: ['access_token$'],
    shape: /access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}/,
    anywhere: true,
    examples: {
      found: [mark(`access_token$production$${fill(16, 'lower')}$${fill(32, 'hex')}`)],
      passed: ['access_token$production$'],
    },
  },
  {
    id: 'plaid.access-token',
    type: 'plaid-token',
    title: 'Plaid access token',
    source: 'Plaid docs, tokens',
    keywords: ['access-'],
    shape: /access-(?:sandbox|development|production)-[a-f0-9]{8}-[a-f0-9-]{27}/,
    examples: {
      found: [mark(`access-sandbox-${fillUuid()}`)],
      passed: ['access-sandbox-environment', 'access-control-allow-origin'],
    },
  },
  prefixed(
    { id: 'razorpay.key', type: 'razorpay-key', title: 'Razorpay key id', source: 'Razorpay docs, API keys' },
    ['rzp_live_', 'rzp_test_'],
    { of: 'alnum', least: 14 },
  ),
  prefixed(
    {
      id: 'flutterwave.key',
      type: 'flutterwave-key',
      title: 'Flutterwave secret key',
      source: 'gitleaks rule flutterwave-secret-key',
    },
    ['FLWSECK-', 'FLWSECK_TEST-', 'FLWPUBK_TEST-'],
    { of: 'lower', least: 12 },
  ),
  prefixed(
    { id: 'paddle.key', type: 'paddle-key', title: 'Paddle API key', source: 'Paddle docs, API keys' },
    ['pdl_live_apikey_', 'pdl_sdbx_apikey_'],
    { of: 'url', least: 40 },
  ),
]
