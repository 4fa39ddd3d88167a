import { finalConsonant, finalRieul, isHangul } from "./hangul.ts";

/** What must stand before a particle: a closed syllable, an open one, an open or rieul one, or anything. */
type Before = "closed" | "open" | "open-or-rieul" | "any";

const table: readonly (readonly [Before, string])[] = [
  // copula and the light verbs that follow a noun
  [
    "any",
    "이었습니다 였습니다 입니다만 입니다 입니까 이에요 예요 이라고는 이라고 이라는 이라면 이란 이며 이고 이다",
  ],
  [
    "any",
    "하였습니다 했습니다 합니다 합니까 하십시오 하세요 하여야 해야 하였다 했다 한다 하며 하고 하는 하여 하면 하지",
  ],
  ["any", "되었습니다 됐습니다 됩니다 됩니까 되었다 됐다 된다 되며 되고 되는 되어 되면 되지"],
  ["any", "받습니다 드립니다 십니다 습니다"],
  // compound particles
  ["any", "에서부터 에서는 에서도 에서의 에게서 에게는 에게도 에게 에서 에는 에도 에만 에의 에"],
  [
    "any",
    "까지는 까지도 까지의 까지 부터는 부터의 부터 만으로 만을 만은 만이 만큼 마다 보다는 보다 처럼 조차 밖에 대로 께서는 께서 한테 들이 들은 들을 들의 들에게",
  ],
  [
    "closed",
    "으로부터 으로서의 으로서 으로써 으로는 으로도 으로의 으로 이라 이나 이든 이랑 과는 과도 과의 은 이 을 과",
  ],
  ["open-or-rieul", "로부터 로서의 로서 로써 로는 로도 로의 로"],
  ["open", "라고 라는 라면 란 나 든 랑 와는 와도 와의 는 가 를 와 며"],
  ["any", "의 도 만"],
];

const particles: readonly { readonly text: string; readonly before: Before }[] = table
  .flatMap(([before, words]) => words.split(" ").map((text) => ({ text, before })))
  .sort((a, b) => b.text.length - a.text.length);

const byLastCharacter = new Map<string, typeof particles>();
for (const particle of particles) {
  const last = particle.text.slice(-1);
  byLastCharacter.set(last, [...(byLastCharacter.get(last) ?? []), particle]);
}

/** Nouns whose last syllable looks like a particle; a word that ends in one keeps it. */
const keptEndings = new Set(
  (
    "한도 제도 정도 속도 온도 연도 년도 각도 강도 농도 밀도 척도 지도 태도 용도 고도 빈도 난도 신용도 만족도 중도 부도 양도 의도 절도 유도 보도 " +
    "결과 성과 경과 통과 초과 학과 내과 외과 안과 치과 전과 법과 " +
    "추가 허가 휴가 시가 대가 단가 고가 저가 주가 물가 평가 국가 증가 원가 부가 참가 " +
    "도로 경로 진로 서로 별로 미로 통로 피로 바로 따로 새로 " +
    "동의 주의 정의 협의 심의 합의 문의 회의 강의 고의 이의 임의 유의 명의 " +
    "미만 불만 비만 충만 거만 " +
    "높이 길이 깊이 넓이 많이 같이 없이 특이 " +
    "마을 가을 노을 지은 적은 많은 같은 작은 " +
    "하나 누구나 언제나 지하 이하 사고 신고 보고 광고 최고 창고 경고 권고 참고 공고 재고"
  ).split(" "),
);

const longestKept = 3;

/**
 * A Korean word cut into its stem and the particle or ending after it (`보험금을` gives `보험금` and `을`). The table
 * is tried longest first and obeys the final-consonant rule (은/이/을/과/으로 after a closed syllable, 는/가/를/와
 * after an open one, 로 after an open one or rieul), so `평가`, `차이` and `효과` stay whole; `한도`, `초과`, `결과` and
 * other nouns that break the rule are listed. Not a morphological analyser: conjugated verbs stay as they are, apart
 * from 하다 and 되다 after a noun.
 */
export function splitParticle(word: string): { readonly stem: string; readonly particle: string } {
  const whole = { stem: word, particle: "" };
  const last = word.slice(-1);
  if (word.length < 2 || !isHangul(last)) return whole;
  for (let length = 1; length <= longestKept; length += 1) {
    if (keptEndings.has(word.slice(-length)) && length <= word.length) return whole;
  }
  for (const { text, before } of byLastCharacter.get(last) ?? []) {
    if (word.length <= text.length || !word.endsWith(text)) continue;
    const stem = word.slice(0, word.length - text.length);
    if (mayStandBefore(stem.slice(-1), before)) return { stem, particle: text };
  }
  return whole;
}

function mayStandBefore(character: string, before: Before): boolean {
  if (before === "any") return true;
  const final = finalConsonant(character);
  if (final === undefined) return true;
  if (before === "closed") return final !== 0;
  return final === 0 || (before === "open-or-rieul" && final === finalRieul);
}
