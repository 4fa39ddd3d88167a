import { expect, it } from "vitest";
import { withoutExcess } from "../../../../../src/modules/rules/patterns/excess.rules.ts";
import type { PartialMatch } from "../../../../../src/modules/rules/patterns/pattern-state.ts";

const at = (stage: number, node: number): PartialMatch => [stage, node, node, 0, 0, 0, 0];

it("lets the oldest matches under way go, but not the one from which new ones begin", () => {
  const partials = [at(1, 0), at(2, 1), at(2, 2), at(3, 3)];
  expect(withoutExcess(partials, 2, 1)).toEqual([at(1, 0), at(3, 3)]);
  expect(withoutExcess(partials, 0, 1)).toEqual([at(1, 0)]);
  expect(withoutExcess(partials, 4, 1)).toBe(partials);
});
