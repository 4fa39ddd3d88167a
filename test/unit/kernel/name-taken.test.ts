import { describe, expect, it } from "vitest";
import { orNameTaken } from "../../../src/kernel/name-taken.ts";
import { AppError, problem } from "../../../src/kernel/problem.ts";

const thing = { code: "rules.name_taken", noun: "rule", name: "cpu high", pointer: "/definition/name" };
const failing = async (code: string) => {
  throw problem("conflict", code, "There is already one like it.");
};
const failureOf = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.failure;
  }
  return undefined;
};

describe("a write whose name may be taken", () => {
  it("says whose name it is and where it was asked for", async () => {
    expect(await failureOf(orNameTaken(failing("write.exists"), thing))).toMatchObject({
      kind: "conflict",
      code: "rules.name_taken",
      detail: 'There is already a rule named "cpu high".',
      errors: [{ pointer: "/definition/name", code: "taken" }],
    });
  });

  it("leaves what is written, and every other failure, as they are", async () => {
    expect(await orNameTaken(Promise.resolve(7), thing)).toBe(7);
    expect(await failureOf(orNameTaken(failing("write.lost_race"), thing))).toMatchObject({
      code: "write.lost_race",
    });
  });
});
