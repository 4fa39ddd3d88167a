const reach = 160;

/** Where one clause ends: sentence marks, a comma outside a number, Korean connective endings, English conjunctions. */
const boundary =
  /[.!?;\n。](?=\s|$)|,(?!\d)|아니라|아니고|(?<=[가-힣])(?:지만|는데|은데|인데|으나|으며|이며|하며|되며|하고|되고|이고|않고|없고|므로|니까|거나)(?=[\s,])|\b(?:but|however|although|though|whereas|because)\b/giu;

/** Words that look like negation and are none, or that turn a negation round. */
const affirming =
  /뿐(?:만)?\s?아니라|밖에\s?없|[을를]?\s?수(?:밖에|가)?\s?없지|않을\s?수\s?없|없지\s?않|적지\s?않|못지\s?않|다름\s?없|틀림\s?없|(?:상관|관계|문제|어김|아낌|변함|빠짐)\s?없|넘지\s?않|초과하지\s?않|not only|not just|not merely|no doubt|whether or not|(?:no|not) (?:more|less|fewer|later|earlier|longer|greater) than/giu;

const koreanAfter =
  /아닙|아니|아닌|않|못\s?(?:하|합|했|한|할|받)|없(?!이)|불가|(?<![가-힣])안\s?(?:됩|된|돼|되|합|해|한|받)/gu;
const englishBefore = /\b(?:not|never|no|cannot|neither|nor|without)\b|n['’]t\b/giu;
const englishAfter =
  /\b(?:is|are|was|were|do|does|did|will|can|could|would|should|has|have|had)\s+(?:not|never)\b|\b(?:cannot|never)\b|n['’]t\b/giu;

/**
 * True when the clause around a mention (UTF-16 offsets in `text`) denies it: `1억원이 아닙니다`, `1억원은 지급되지
 * 않습니다`, `does not pay 1 million won`, `1 million won is not paid`. The first half of `1억원이 아니라 2억원` is denied, the
 * second is not; two negations cancel; `뿐만 아니라`, `no more than` and their like are none. Looks 160 characters either side.
 */
export function isNegated(text: string, from: number, to: number): boolean {
  const before = lastClause(text.slice(Math.max(0, from - reach), from)).replace(affirming, " ");
  const after = firstClause(text.slice(to, to + reach)).replace(affirming, " ");
  const negations = count(after, koreanAfter) + count(before, englishBefore) + count(after, englishAfter);
  return negations % 2 === 1;
}

function lastClause(text: string): string {
  let start = 0;
  for (const match of text.matchAll(boundary)) start = match.index + match[0].length;
  return text.slice(start);
}

function firstClause(text: string): string {
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (!/뿐(?:만)?\s?$/.test(text.slice(0, match.index))) return text.slice(0, end);
  }
  return text;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
