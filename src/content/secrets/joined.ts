/** One expression from parts that are easier to read apart. Flags are those of the first part. */
export function joined(...parts: readonly [RegExp, ...RegExp[]]): RegExp {
  return new RegExp(parts.map((part) => part.source).join(''), parts[0].flags)
}

/** One expression that takes any of these. */
export function anyOf(...choices: readonly [RegExp, ...RegExp[]]): RegExp {
  return new RegExp(`(?:${choices.map((choice) => choice.source).join('|')})`, choices[0].flags)
}
