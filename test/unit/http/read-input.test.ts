import { expect, it } from "vitest";
import * as z from "zod";
import { parseInput } from "../../../src/http/read-input.ts";
import { route } from "../../../src/http/route.ts";
import { defineOperation } from "../../../src/kernel/operation.ts";
import { toFailure } from "../../../src/kernel/problem.ts";

const things = route(
  defineOperation({
    action: "things.thing.list",
    effect: "read",
    scope: "jobs:read",
    summary: "List things",
    input: z.strictObject({
      from: z.coerce.number().int(),
      value: z.union([z.boolean(), z.int()]).optional(),
      shape: z.union([z.literal("a"), z.strictObject({ b: z.int() })]).optional(),
    }),
    output: z.strictObject({}),
    raises: [],
    run: async () => ({}),
  }),
  "GET",
  "/v1/things",
);

function errorsOf(given: object) {
  try {
    parseInput(things, {}, given);
  } catch (error) {
    return toFailure(error).errors;
  }
  return [];
}

it("says of a number that isn't there that it is required, and of text that is none that it is to be one", () => {
  expect(errorsOf({ from: "3" })).toEqual([]);
  expect(errorsOf({})).toEqual([
    { pointer: "/query/from", code: "required", message: "This field is required." },
  ]);
  expect(errorsOf({ from: "soon" })).toMatchObject([{ pointer: "/query/from", message: "Give a number." }]);
});

it("says what is expected of a value that fits none of several forms", () => {
  expect(errorsOf({ from: 1, value: "yes" })).toMatchObject([
    { pointer: "/query/value", message: "Invalid input: expected boolean or number" },
  ]);
  expect(errorsOf({ from: 1, shape: { b: "x" } })).toMatchObject([{ message: "Invalid input" }]);
});
