import { defineErrors } from '../../base/index.ts'

/** Ways the model proxy can fail to start. What happens to a request is a refusal, which is a value. */
export const modelProxyErrors = defineErrors({
  'model-proxy.bad-provider': { exit: 3, http: 500, meaning: 'a provider of the model proxy is declared wrongly' },
  'model-proxy.listen-failed': { exit: 7, http: 500, meaning: 'the model proxy could not listen on its address' },
})
