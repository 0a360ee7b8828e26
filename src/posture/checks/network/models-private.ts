import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.models-private',
  title: 'no local model is reachable from outside',
  severity: 'medium',
  why: 'strangers use your graphics card, and some of these servers run what they are sent (CVE-2024-37032)',
  source: 'CVE-2024-37032; Ollama FAQ, OLLAMA_HOST',
  ports: { 11434: 'Ollama', 1234: 'LM Studio' },
})
