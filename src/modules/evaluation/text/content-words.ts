import { type TokenizerName, tokenize } from "./tokenizers.ts";

const stopWords = new Set(
  (
    "a an the is are was were be been being am do does did have has had will would can could shall should may might must and or but if " +
    "then than so as at by for with about into through of to from up down in out on off over under again here there when where why how " +
    "what which who whom whose this that these those i me my we our you your he him his she her it its they them their not no nor only own same " +
    "too very just also any some such each few more most other all both between during before after above below " +
    "이 그 저 것 수 등 및 더 또 또는 그리고 그러나 하지만 때 때문 위 대해 대한 관한 관해 따른 따라 통해 경우 어떤 어떻게 무엇 무엇인 무슨 언제 어디 누구 왜 얼마 " +
    "얼마인가요 어떻게되나요 무엇인가요 인가요 있나요 되나요 하나요 있습니까 알려주세요 알려줘 있 없 있다 없다 있는 없는 있습니다 있 되다 하다 이다 같은 해당 약 각 총 그것 이것"
  ).split(" "),
);

/** The tokens of a text that carry meaning: without English and Korean function words. */
export function contentTokens(text: string, tokenizer: TokenizerName): string[] {
  return tokenize(tokenizer, text).filter((token) => !stopWords.has(token));
}
