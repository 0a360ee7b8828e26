import { beside } from '../beside.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixedRows } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

const gitleaks = 'gitleaks, default rules'
const kingfisher = 'Kingfisher, default rules'

// Names that mean one service and are no English word. What follows them must look generated.
const names = [
  'abstractapi', 'adafruit', 'aftership', 'agora_', 'airbrake', 'aiven', 'alchemy', 'amadeus', 'anypoint', 'apify',
  'apilayer', 'appfollow', 'appoptics', 'atlassian', 'aviationstack', 'aylien', 'ayrshare', 'bannerbear', 'baremetrics',
  'betterstack', 'bitly', 'blazemeter', 'blocknative', 'borgbase', 'brandfetch', 'browserstack', 'bscscan', 'budibase',
  'bunnycdn', 'buttercms', 'calendarific', 'calendly', 'censys', 'chartmogul', 'chatfuel', 'checkly', 'circleci',
  'clarifai', 'clearbit', 'clockify', 'cloudconvert', 'cloudinary', 'cloudmersive', 'cloudsmith', 'cockroach', 'codacy',
  'codeclimate', 'coinapi', 'coinlib', 'coinmarketcap', 'confluence', 'convertkit', 'coveralls', 'crowdin',
  'cryptocompare', 'currencylayer', 'd7network', 'deepai', 'deepl_', 'delighted', 'detectify', 'diffbot', 'disqus',
  'docparser', 'docusign', 'duffel', 'dynalist', 'edenai', 'etherscan', 'eventbrite', 'exchangerate', 'fixer_',
  'foursquare', 'fullstory', 'geoapify', 'getresponse', 'glassnode', 'graphhopper', 'gumroad', 'happyscribe',
  'hellosign', 'helpscout', 'hunter_', 'ibm_cloud', 'ibmcloud', 'imagekit', 'imgur', 'infura', 'insightly', 'intrinio',
  'ipgeolocation', 'ipinfo', 'ipstack', 'jenkins', 'jira', 'jotform', 'jumpcloud', 'keygen', 'kickbox', 'klaviyo',
  'langsmith', 'lemonsqueezy', 'lemlist', 'lexigram', 'livekit', 'locationiq', 'lokalise', 'mailerlite', 'mailjet',
  'mailmodo', 'mandrill', 'mapquest', 'marketstack', 'mediastack', 'meilisearch', 'mindmeister', 'moralis', 'mux_',
  'newsapi', 'nexmo', 'nimble_', 'nylas', 'omnisend', 'onesignal', 'onfleet', 'opencage', 'openuv', 'openweather',
  'optimizely', 'packagecloud', 'pandadoc', 'pandascore', 'parseur', 'pastebin', 'paypal', 'paystack', 'pdfshift',
  'peopledatalabs', 'percy_', 'pipedrive', 'pixabay', 'plivo', 'polygonscan', 'positionstack', 'posthog', 'prodpad',
  'pushbullet', 'pusher', 'qase', 'quickbase', 'quicknode', 'rawg_', 'rebrandly', 'recaptcha', 'recurly', 'rev_ai',
  'runpod', 'salesforce', 'sanity_', 'saucelabs', 'sauce_access', 'scrapingbee', 'scraperapi', 'screenshotapi',
  'securitytrails', 'segment_', 'semaphore', 'serpapi', 'serper', 'shodan', 'shortcut_', 'shutterstock', 'signalwire',
  'smartsheet', 'smartystreets', 'snipcart', 'spoonacular', 'spotify', 'statuspage', 'storyblok', 'strava', 'stytch',
  'surveymonkey', 'teamwork', 'telnyx', 'testingbot', 'textmagic', 'ticketmaster', 'tiingo', 'timezoneapi', 'todoist',
  'tomorrow_io', 'tomtom', 'twelvedata', 'unsplash', 'uptimerobot', 'urlscan', 'veriphone', 'versioneye', 'viewneo',
  'virustotal', 'visualcrossing', 'vonage', 'voyageai', 'wakatime', 'wandb', 'weatherbit', 'weatherstack', 'webflow',
  'webscraper', 'wepay', 'whoxy', 'workos', 'worldweather', 'wrike', 'zenrows', 'zerobounce', 'zerotier', 'zipcodeapi',
  'zoho', 'zonka',
] as const

/** The long tail: what is known of these keys is a prefix, or a length beside the vendor's name. */
export const vendors: readonly SecretPattern[] = [
  ...prefixedRows([
    ['adafruit.io-key', 'Adafruit IO key', kingfisher, ['aio_'], 'alnum', 28],
    ['adobe.client-secret', 'Adobe OAuth client secret', gitleaks, ['p8e-'], 'url', 32],
    ['apify.token', 'Apify token', 'Apify docs, integrations: API token', ['apify_api_'], 'alnum', 30],
    ['cal.com-key', 'Cal.com API key', 'Cal.com docs, API authentication', ['cal_live_', 'cal_test_'], 'url', 16],
    ['context7.key', 'Context7 API key', 'Context7 docs, API keys', ['ctx7sk-'], 'url', 20],
    ['defined.network-key', 'Defined Networking key', gitleaks, ['dnkey-'], 'url', 60],
    ['fleetbase.key', 'Fleetbase key', kingfisher, ['flb_live_'], 'alnum', 20],
    ['flexport.key', 'Flexport key', kingfisher, ['shltm_'], 'url', 40],
    ['inngest.signing-key', 'Inngest signing key', 'Inngest docs, signing keys', ['signkey-'], 'url', 32],
    ['intra42.client-secret', '42 client secret', gitleaks, ['s-s4t2ud-', 's-s4t2af-'], 'hex', 64],
    ['ionic.token', 'Ionic token', kingfisher, ['ion_'], 'lower', 42],
    ['nightfall.key', 'Nightfall key', kingfisher, ['NF-'], 'alnum', 32],
    ['pubnub.key', 'PubNub secret key', 'PubNub docs, keyset', ['sec-c-'], 'url', 40],
    ['retool.token', 'Retool token', 'Retool docs, API authentication', ['retool_01'], 'lower', 20],
    ['scalingo.token', 'Scalingo token', gitleaks, ['tk-us-'], 'url', 48],
    ['settlemint.token', 'SettleMint token', gitleaks, ['sm_aat_', 'sm_pat_', 'sm_sat_'], 'alnum', 16],
    ['shippo.token', 'Shippo token', gitleaks, ['shippo_live_', 'shippo_test_'], 'hex', 40],
    ['trigger.dev-key', 'Trigger.dev secret key', 'Trigger.dev docs, API keys', ['tr_dev_', 'tr_prod_', 'tr_stg_', 'tr_pat_'], 'url', 20],
    ['ubidots.token', 'Ubidots token', kingfisher, ['BBFF-'], 'alnum', 30],
    ['yandex.api-key', 'Yandex Cloud API key', gitleaks, ['AQVN'], 'url', 35],
  ]),
  ...namedRows([
    ['adafruit.key', 'Adafruit key', gitleaks, ['adafruit'], 'url', 32],
    ['adobe.client-id', 'Adobe client id', gitleaks, ['adobe'], 'hex', 32],
    ['beamer.token', 'Beamer token', gitleaks, ['beamer'], 'urlpad', 44, 'b_'],
    ['etsy.token', 'Etsy token', gitleaks, ['etsy'], 'lower', 24],
    ['finicity.secret', 'Finicity client secret', gitleaks, ['finicity'], 'lower', 20],
    ['finicity.token', 'Finicity token', gitleaks, ['finicity'], 'hex', 32],
    ['flickr.token', 'Flickr token', gitleaks, ['flickr'], 'lower', 32],
    ['freshbooks.token', 'FreshBooks token', gitleaks, ['freshbooks'], 'lower', 64],
    ['intercom.key', 'Intercom key', gitleaks, ['intercom'], 'urlpad', 60],
    ['linear.client-secret', 'Linear client secret', gitleaks, ['linear'], 'hex', 32],
    ['looker.id', 'Looker client id', gitleaks, ['looker'], 'lower', 20],
    ['looker.secret', 'Looker client secret', gitleaks, ['looker'], 'lower', 24],
    ['meraki.key', 'Cisco Meraki key', gitleaks, ['meraki'], 'hex', 40],
    ['nytimes.token', 'New York Times token', gitleaks, ['nytimes', 'newyorktimes', 'new-york-times'], 'urlpad', 32],
    ['privateai.token', 'Private AI token', gitleaks, ['privateai', 'private-ai', 'private_ai'], 'lower', 32],
    ['rapidapi.token', 'RapidAPI key', gitleaks, ['rapidapi'], 'url', 50],
    ['yandex.secret-key', 'Yandex Cloud static key', gitleaks, ['yandex'], 'url', 38, 'YC'],
    ['zendesk.secret', 'Zendesk secret', gitleaks, ['zendesk'], 'lower', 40],
  ]),
  {
    id: 'yandex.iam-token',
    type: 'yandex-iam-token',
    title: 'Yandex Cloud IAM token',
    source: 'Yandex Cloud docs, IAM token format',
    keywords: ['t1.'],
    shape: /t1\.[A-Za-z0-9_-]{2,200}={0,2}\.[A-Za-z0-9_-]{86}={0,2}/,
    examples: { found: [mark(`t1.${fill(60, 'url')}.${fill(86, 'url')}`)], passed: ['t1.micro', 't1.created_at.x'] },
  },
  {
    id: 'vendors.key-beside-name',
    type: 'vendor-key',
    title: 'generated value beside the name of a service that gives keys no mark',
    source: 'the vendors’ own reference pages: authentication by an API key',
    certainty: 'context',
    keywords: names,
    ignoreCase: true,
    anywhere: true,
    shape: beside(names, '[A-Za-z0-9+\\/=_.~-]{16,128}', '[A-Za-z0-9+\\/=_~-]'),
    accept: looksGenerated,
    examples: {
      found: [`VIRUSTOTAL_KEY=${sample('', 64, 'hex')}`, `"todoistToken": "${sample('', 40, 'hex')}"`,
        `shodan: ${mark(fillUuid())}`],
      passed: ['jenkins: https://ci.example.org/job/42', 'spotify: premium', 'SHODAN_KEY=$SHODAN'],
    },
  },
]
