import { beside } from '../beside.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

const guide = 'OpenClaw security hardening guide, step 6'

/** Model providers. `sk-…` keys of whatever vendor carry the guide's label. */
export const ai: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'anthropic.api-key',
      type: 'anthropic-api-key',
      label: 'API_KEY',
      title: 'Anthropic key or OAuth token',
      source: 'Anthropic docs, API keys; gitleaks rule anthropic-api-key',
      anywhere: true,
    },
    ['sk-ant-'],
    { of: 'url', least: 20 },
  ),
  prefixed(
    {
      id: 'openai.scoped-key',
      type: 'openai-api-key',
      label: 'API_KEY',
      title: 'OpenAI project, service account or admin key',
      source: 'OpenAI docs, API keys; gitleaks rule openai-api-key',
      anywhere: true,
    },
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'],
    { of: 'url', least: 20 },
  ),
  prefixed(
    {
      id: 'openrouter.api-key',
      type: 'openrouter-api-key',
      label: 'API_KEY',
      title: 'OpenRouter key',
      source: 'OpenRouter docs, authentication',
      anywhere: true,
    },
    ['sk-or-'],
    { of: 'url', least: 32 },
  ),
  prefixed(
    {
      id: 'langfuse.secret-key',
      type: 'langfuse-secret-key',
      label: 'API_KEY',
      title: 'Langfuse secret key',
      source: 'Langfuse docs, API keys',
    },
    ['sk-lf-'],
    { of: 'url', least: 36 },
  ),
  {
    id: 'openai.classic-key',
    type: 'api-key',
    title: 'key beginning with sk-: OpenAI before projects, DeepSeek, Moonshot and others',
    source: guide,
    keywords: ['sk-'],
    shape: /sk-[A-Za-z0-9]{32,256}/,
    tail: 'A-Za-z0-9',
    certainty: 'context',
    examples: {
      found: [`OPENAI_API_KEY=${sample('sk-', 48)}`, sample('sk-', 32)],
      passed: [`disk-${fill(40, 'hex')}`, `sk-${fill(31)}`, 'sk-learn-contrib/imbalanced-learn-extra-samples'],
    },
  },
  prefixed(
    {
      id: 'groq.api-key',
      type: 'groq-api-key',
      title: 'Groq key',
      source: 'secretlint rule groq: gsk_ and 52 letters',
    },
    ['gsk_'],
    { of: 'alnum', least: 48 },
  ),
  prefixed(
    {
      id: 'perplexity.api-key',
      type: 'perplexity-api-key',
      title: 'Perplexity key',
      source: 'gitleaks rule perplexity-api-key',
    },
    ['pplx-'],
    { of: 'alnum', least: 40 },
  ),
  prefixed(
    {
      id: 'replicate.api-token',
      type: 'replicate-api-token',
      title: 'Replicate token',
      source: 'Replicate docs, API tokens: r8_ and 37 letters',
    },
    ['r8_'],
    { of: 'alnum', least: 37 },
  ),
  prefixed(
    { id: 'xai.api-key', type: 'xai-api-key', title: 'xAI key', source: 'xAI docs, quick start' },
    ['xai-'],
    { of: 'alnum', least: 60 },
  ),
  prefixed(
    {
      id: 'huggingface.token',
      type: 'huggingface-token',
      title: 'Hugging Face token',
      source: 'Hugging Face docs, user access tokens; gitleaks rule huggingface-access-token',
    },
    ['hf_', 'api_org_'],
    { of: 'alnum', least: 34 },
  ),
  prefixed(
    {
      id: 'nvidia.api-key',
      type: 'nvidia-api-key',
      title: 'NVIDIA API catalogue key',
      source: 'NVIDIA docs, NIM API keys',
    },
    ['nvapi-'],
    { of: 'url', least: 60 },
  ),
  prefixed(
    { id: 'cerebras.api-key', type: 'cerebras-api-key', title: 'Cerebras key', source: 'Cerebras inference docs' },
    ['csk-'],
    { of: 'alnum', least: 40 },
  ),
  prefixed(
    {
      id: 'fireworks.api-key',
      type: 'fireworks-api-key',
      title: 'Fireworks AI key',
      source: 'Fireworks docs, API keys',
      accept: looksGenerated,
    },
    ['fw_'],
    { of: 'alnum', least: 22 },
  ),
  prefixed(
    { id: 'tavily.api-key', type: 'tavily-api-key', title: 'Tavily key', source: 'Tavily docs, quick start' },
    ['tvly-'],
    { of: 'url', least: 28 },
  ),
  prefixed(
    {
      id: 'firecrawl.api-key',
      type: 'firecrawl-api-key',
      title: 'Firecrawl key',
      source: 'Firecrawl docs, introduction',
    },
    ['fc-'],
    { of: 'hex', least: 32 },
  ),
  prefixed(
    { id: 'jina.api-key', type: 'jina-api-key', title: 'Jina AI key', source: 'Jina docs, reader API' },
    ['jina_'],
    { of: 'url', least: 50 },
  ),
  prefixed(
    {
      id: 'elevenlabs.api-key',
      type: 'elevenlabs-api-key',
      title: 'ElevenLabs key',
      source: 'ElevenLabs docs, API keys',
    },
    ['sk_'],
    { of: 'hex', least: 48 },
  ),
  {
    id: 'langsmith.api-key',
    type: 'langsmith-api-key',
    title: 'LangSmith key',
    source: 'LangSmith docs, API keys',
    keywords: ['lsv2_'],
    shape: /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/,
    tail: 'a-f0-9',
    examples: { found: [mark(`lsv2_pt_${fill(32, 'hex')}_${fill(10, 'hex')}`)], passed: ['lsv2_pt_abc_def'] },
  },
  {
    id: 'mistral.api-key',
    type: 'mistral-api-key',
    title: 'Mistral key',
    certainty: 'context',
    source: 'Mistral docs, quick start: 32 letters without a prefix',
    keywords: ['mistral'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('mistral', '[A-Za-z0-9]{32}'),
    accept: looksGenerated,
    examples: {
      found: [`MISTRAL_API_KEY=${sample('', 32)}`],
      passed: ['MISTRAL_API_KEY=$MISTRAL', 'mistral: open-mixtral-8x22b'],
    },
  },
  {
    id: 'cohere.api-key',
    type: 'cohere-api-key',
    title: 'Cohere key',
    certainty: 'context',
    source: 'gitleaks rule cohere-api-token',
    keywords: ['cohere', 'co_api_key'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('cohere|co_api_key', '[A-Za-z0-9]{40}'),
    accept: looksGenerated,
    examples: { found: [`CO_API_KEY="${sample('', 40)}"`], passed: ['cohere: command-r-plus'] },
  },
  {
    id: 'ai.key-beside-name',
    type: 'ai-api-key',
    title: 'key that is a UUID beside the name of a model provider',
    certainty: 'context',
    source: 'fal.ai docs: key id and secret; Together and Voyage docs',
    keywords: ['fal_key', 'together_api', 'voyage_api', 'deepgram', 'assemblyai'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('fal_key|together_api|voyage_api|deepgram|assemblyai', '[A-Za-z0-9:_-]{32,120}'),
    accept: looksGenerated,
    examples: {
      found: [`FAL_KEY=${mark(`${fillUuid()}:${fill(32, 'hex')}`)}`, `deepgram_key: ${sample('', 40, 'hex')}`],
      passed: ['deepgram: nova-2-conversational-ai-large-streaming'],
    },
  },
]
