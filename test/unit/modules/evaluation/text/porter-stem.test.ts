import { expect, it } from "vitest";
import { porterStem } from "../../../../../src/modules/evaluation/text/porter-stem.ts";

// Pairs given as examples of the rules in Porter 1980.
it.each([
  ["caresses", "caress"],
  ["ponies", "poni"],
  ["cats", "cat"],
  ["feed", "feed"],
  ["agreed", "agre"],
  ["plastered", "plaster"],
  ["motoring", "motor"],
  ["sing", "sing"],
  ["conflated", "conflat"],
  ["hopping", "hop"],
  ["falling", "fall"],
  ["filing", "file"],
  ["happy", "happi"],
  ["sky", "sky"],
  ["relational", "relat"],
  ["conditional", "condit"],
  ["triplicate", "triplic"],
  ["hopefulness", "hope"],
  ["revival", "reviv"],
  ["allowance", "allow"],
  ["replacement", "replac"],
  ["adoption", "adopt"],
  ["probate", "probat"],
  ["rate", "rate"],
  ["controll", "control"],
  ["roll", "roll"],
  ["generalizations", "gener"],
  ["oscillators", "oscil"],
  ["보험", "보험"],
])("takes %s to %s", (word, stem) => {
  expect(porterStem(word)).toBe(stem);
});
