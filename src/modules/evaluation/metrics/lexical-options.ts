import * as z from "zod";
import { type TokenizerName, tokenizerFor, tokenizerNames } from "../text/tokenizers.ts";

/** A tokenizer by name. */
export const Tokenizer = z.enum(tokenizerNames);

/** A tokenizer by name, or `auto`: `char` for a case whose reference has Hangul, else `13a`. */
export const TokenizerOrAuto = z.enum(["auto", ...tokenizerNames]);

/** Which of precision, recall and F is the score; the other two are in the evidence. */
export const Measure = z.enum(["f1", "precision", "recall"]);
export type Measure = z.infer<typeof Measure>;

export function chosenTokenizer(choice: z.infer<typeof TokenizerOrAuto>, reference: string): TokenizerName {
  return choice === "auto" ? tokenizerFor(reference) : choice;
}
