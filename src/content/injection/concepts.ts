// long: one table of words
/**
 * What words mean to whoever wants a model to obey: the vocabulary of instructions, by concept, in the languages the
 * public collections of attacks are written in. A word may mean several things. All in small letters, no accents.
 */
const table = {
  override:
    'ignore ignoring disregard disregarding forget forgetting override overriding overrule overlook neglect discard bypass ' +
    'abandon supersede supersedes superseded cancel cancels nullify void erase unlearn circumvent dismiss skip drop stop ' +
    'vergiss vergesse vergessen ignoriere ignorieren missachte olvida olvide olvidar olvidate ignora ignore ignorez ' +
    'ignorer oubliez oublie oublier abaikan lupakan bortse ignorera glom dimentica dimenticare esqueca esquece negeer vergeet zignoruj zapomnij',
  prior:
    'previous previously prior above preceding earlier former before foregoing past existing initial original current ' +
    'all every everything any bisherigen bisherige vorherigen vorherige vorangehenden obigen vorigen davor alle alles ' +
    'anteriores anterior previas previos todas todo todos toutes tous tout precedentes precedente precedenti tutte ' +
    'wszystkie poprzednie vorige sebelumnya semua tidigare precedenti',
  instruction:
    'instruction instructions prompt prompts command commands rule rules guideline guidelines directive directives order ' +
    'orders direction directions policy policies constraint constraints restriction restrictions programming guardrail ' +
    'guardrails safeguard safeguards filter filters limitation limitations protocol protocols training assignment ' +
    'assignments anweisung anweisungen befehl befehle auftrag auftrage aufgaben regeln vorgaben instrucciones ordenes ' +
    'reglas instruccion consignes regles istruzioni regole comandi instrucoes regras instructies instrukcje instruksi perintah aturan instruktioner context',
  system: 'system developer hidden internal secret initial confidential root sysadmin backend systemprompt preprompt',
  reveal:
    'reveal show print display repeat output expose disclose leak dump divulge recite share return echo spell list ' +
    'provide paste write tell give describe uncover zeige zeig nenne verrate muestra revela montre revele mostra',
  persona:
    'pretend pretending roleplay role-play roleplaying imagine simulate simulating impersonate impersonating persona ' +
    'character act acting behave embody portray role stell spiele finge imagina agis actua',
  unfiltered:
    'unrestricted uncensored unfiltered jailbreak jailbroken dan amoral immoral unethical illegal limitless unlimited ' +
    'unhinged evil malicious nsfw uncensor lawless unbound unchained freed liberated devmode godmode stan dude aim',
  refusal: 'refuse refuses decline deny reject apologize apologise warnings disclaimer disclaimers warn ethics ethical moral morality openai legality',
  secret:
    'password passwords passwort credential credentials secret secrets token tokens apikey apikeys key keys private ssn ' +
    'passphrase pin cookie cookies session mfa otp 2fa confidential sensitive personal env ssh',
  send:
    'send sends forward email e-mail mail post upload transmit exfiltrate submit deliver transfer wire share publish ' +
    'message text attach sende schicke envia envoie invia',
  model:
    'assistant assistants ai llm llms chatgpt gpt gpt-4 gpt4 gpt-3 model models claude gemini copilot bot chatbot agent agents ' +
    'openai bard llama mistral machine language-model ki modell assistent ia asistente modele',
  you: 'you your yourself yours u ur du dein deine deinen dich ihr eure tu tus vous votre vos toi te',
  now: 'now instead henceforth hereafter new following next then first jetzt nun stattdessen neue neuen ahora nueva maintenant nouvelle adesso',
  destroy: 'delete deletes remove removes erase wipe destroy truncate purge uninstall corrupt disable deactivate shut shutdown terminate kill format',
  answer: 'response responses answer answers answering reply replies respond responding output outputs summary message solution antwort antworte respuesta responde reponse',
  urgent: 'important urgent urgently attention notice warning critical immediately asap mandatory must emergency required priority wichtig achtung',
  conceal:
    'secretly silently unnoticed undetected quietly covertly discreetly hide conceal stealthily invisible unaware trace ' +
    'logging log evade undetectable',
  task: 'task tasks request requests question questions mission job query objective goal aufgabe tarea tache',
  money: 'bitcoin btc money payment pay transaction bank funds account iban dollars $ invest deposit refund purchase buy',
  run: 'execute executes run runs call invoke eval launch trigger perform open visit click navigate fetch download install load',
  permit: 'approve grant authorize authorise allow permit unlock enable whitelist confirm accept escalate elevate admin administrator root sudo',
  change: 'modify change alter update rewrite replace edit translate encode reword insert append include add embed begin end start prefix manipulate adjust ' +
    'rearrange enhance integrate incorporate scramble jumble convert substitute mix blend swap reverse weave embed shape tailor craft replace use let ensure conclude finish',
  never: 'never not dont do-not no without cannot nicht keine kein nunca jamais',
  from: 'from by of per',
  when: 'when whenever if while upon once after before wenn cuando quand si',
  reading: 'summarize summarise summarizing summarising read reading process processing review reviewing analyze analyse see seeing find receive parse',
  me: 'me my mine us our ours i mir mein meine mich mi mon ma moi',
  please: 'please kindly pls bitte por favor veuillez',
  mention:
    'example examples phrase phrases quoted quotes quoting detect detects detection detector test tests testing fixture attack ' +
    'attacks attacker attackers flag flagged classify risk explains explain explained such called means attempt attempts ' +
    'research paper training-material injection injections vulnerability vulnerabilities owasp mitigation pattern sample',
  mode: 'mode modus modo simulation sandbox debug maintenance diagnostic privileged',
  user: 'user users human humans operator owner nutzer usuario utilisateur customer customers',
  authority: 'administrator admin developer developers system security manager ceo creator owner operator anthropic openai google microsoft support compliance',
} as const satisfies Record<string, string>

export type Concept = keyof typeof table

export const concepts = Object.keys(table) as Concept[]

const bits = new Map<string, number>()
for (const [index, words] of Object.values(table).entries()) {
  for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | (1 << index))
}

/** The concepts of a word as bits in the order of `concepts`; 0 for a word that means nothing here. */
export function conceptsOf(word: string): number {
  return bits.get(word) ?? 0
}

export function bitOf(concept: Concept): number {
  return 1 << concepts.indexOf(concept)
}
