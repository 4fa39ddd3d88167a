import { foldText } from "./normalize.ts";
import { splitSentences } from "./sentences.ts";

export interface Abstention {
  readonly abstains: boolean;
  /** The sentence or words that decided it. */
  readonly cue?: string;
  /** An abstention that goes on to answer: `명시되어 있지 않지만 30일입니다`. */
  readonly hedged?: boolean;
}

/** Answers that are nothing but an abstention, after folding and without the marks at the end. */
const whole = new Set(
  (
    "없음|모름|불명|미상|불가|해당없음|해당 없음|답 없음|정보없음|정보 없음|알 수 없음|unknown|none|n/a|na|not available|not applicable|" +
    "no answer|no information|unanswerable|-|—|?"
  ).split("|"),
);

/** A predicate of absence at the end of a clause; `없는`, `없던` and `unknown risk` describe a noun and are none. */
const absent = "없(?:습|다|음|어|네|으|지만|기)";
const undone = "(?:않(?:습|았|다|음|아|으|지만|기)|못했|못합)";
const source = "(?:문서|자료|컨텍스트|문맥|본문|약관|내용|정보|근거|기록|데이터|지문|텍스트)";
const korean = [
  new RegExp(
    `(?:정보|내용|근거|기록|자료|언급|명시|기재|설명|규정|데이터|답변?)(?:이|가|은|는|도|을|를)?\\s?(?:전혀\\s?|따로\\s?)?${absent}`,
    "u",
  ),
  new RegExp(
    `(?:언급|명시|기재|기술|제시|서술|포함|확인|제공|규정|나와|나타나|안내)(?:되어|돼|해|하고)?\\s?(?:있지|되지|지)?\\s?${undone}`,
    "u",
  ),
  new RegExp(
    `(?:알|찾을|확인할|답할|답변할|답변드릴|대답할|판단할|말씀드릴|파악할|제공할)\\s?수(?:가|는)?\\s?${absent}`,
    "u",
  ),
  /(?:답변|대답|말씀|안내|판단|확인|설명)(?:을|를)?\s?(?:해\s?)?(?:드리기|하기|이|가)\s?(?:어렵|힘들|곤란)/u,
  /(?:확인|답변|판단|파악|제공|안내)(?:이|가)?\s?(?:불가(?:능)?)(?:합|하|입|$|[.\s])/u,
  /(?:잘\s?)?(?:모르겠|모릅니다|모른다|몰라요|알지\s?못)/u,
  new RegExp(
    `${source}(?:에|에는|에서|에서는|상|으로는|만으로는)\\s.{0,30}(?:없습|없다|없음|않습|않았|못했|어렵)`,
    "u",
  ),
];
const english = [
  /\b(?:i|we)\s?(?:'m| am| are|'re)?\s?(?:really |simply |currently |unfortunately )?(?:do not|don't|cannot|can't|can not|could not|couldn't|(?:am |are )?(?:not able|unable) to)(?: (?:know|answer|determine|find|tell|say|provide|confirm|locate|verify|be sure)\b|[.,]|$)/u,
  /\b(?:i|we)\s?(?:'m| am| are|'re) (?:not|un)\s?(?:sure|certain)\b/u,
  /\b(?:do not|don't|did not|didn't) have (?:\w+ ){0,3}(?:information|details?|data|answer|evidence|context|knowledge)\b/u,
  /\b(?:there is|there's|there was|i have|we have|i found|with|contains?|provides?|has) (?:no|not enough|insufficient|little) (?:\w+ ){0,2}(?:information|mention|details?|data|answer|evidence|context)\b/u,
  /^(?:no|not enough|insufficient) (?:\w+ ){0,2}(?:information|details?|data|evidence|context|answer)\b/u,
  /\b(?:is|are|was|were|has|have) ?(?:not|n't|never)(?: been)? (?:explicitly |clearly |directly )?(?:mentioned|specified|provided|stated|given|found|available|disclosed|described|indicated|known)\b(?! (?:for|to have))/u,
  /\b(?:context|document|documents|passage|text|policy|source|sources|information|material|article)s?(?: \w+){0,3} (?:does not|doesn't|do not|don't|did not|didn't) (?:explicitly |clearly |directly )?(?:mention|specify|provide|contain|say|state|include|indicate|address|answer|discuss|tell)\b/u,
  /\b(?:cannot|can't|can not|could not|couldn't) be (?:determined|answered|found|known|inferred|confirmed|established)\b/u,
  /^(?:it|this|that|the answer|the (?:\w+ ){1,3})(?:is|remains) (?:unknown|unclear)(?:[.,]|$)/u,
  /\bunable to (?:answer|determine|find|provide|confirm|locate)\b/u,
];

const contrast =
  /(?:지만|으나|는데|은데)[\s,]+\S|\b(?:but|however|although|still|nevertheless)\b|^(?:다만|하지만|그러나|그래도|일반적으로|보통|통상)/u;
/** Apologies, pointers to somebody else and words about the sources themselves claim nothing about the matter. */
const aside =
  /^(?:아니[요오]|no|네|예|yes)[.,]?$|제공된|주어진|질문|the (?:provided|given) (?:context|document|information|text)|your question|문의|연락|상담|죄송|확인해\s?(?:주|보)|참고해|추가\s?정보|sorry|apolog|please|contact|consult|refer to|happy to|let me know|would need|more (?:information|context|details)/u;

/**
 * Whether an answer says that it has no answer (Korean and English). It must say so in a predicate about its sources
 * or its knowledge, and make no claim besides: `The unknown risk is covered`, `알 수 없는 사고도 보장합니다` and `면책기간이
 * 없습니다` are answers; apologies and "ask the helpline" around an abstention are not claims.
 */
export function detectAbstention(text: string): Abstention {
  const folded = foldText(text).replaceAll("’", "'");
  const bare = folded.replace(/(?<![\s.!?。"'()[\]])[\s.!?。"'()[\]]+$/u, "").replace(/^["'([]+/u, "");
  if (bare === "" || whole.has(bare)) return { abstains: true, cue: bare };
  let cue: string | undefined;
  let claims = 0;
  for (const sentence of splitSentences(folded)) {
    if (isAbstaining(sentence.text)) {
      cue ??= sentence.text;
      if (goesOnToAnswer(sentence.text)) claims += 1;
    } else if (!aside.test(sentence.text)) claims += 1;
  }
  if (cue === undefined) return { abstains: false };
  return claims === 0 ? { abstains: true, cue } : { abstains: false, cue, hedged: true };
}

function isAbstaining(sentence: string): boolean {
  return (
    korean.some((pattern) => pattern.test(sentence)) || english.some((pattern) => pattern.test(sentence))
  );
}

/** After the turn of the sentence something is claimed that is neither an abstention nor an aside. */
function goesOnToAnswer(sentence: string): boolean {
  const turn = contrast.exec(sentence);
  if (turn === null) return false;
  const rest = sentence.slice(turn.index + turn[0].length - 1);
  const head = sentence.slice(0, turn.index + 2);
  return isAbstaining(head) && rest.trim() !== "" && !isAbstaining(rest) && !aside.test(rest);
}
