import { describe, expect, it } from "vitest";
import { toFailure } from "../../../../src/kernel/problem.ts";
import { differences } from "../../../../src/kernel/versioning/diff.rules.ts";
import { type Lifecycle, moveVersion } from "../../../../src/kernel/versioning/lifecycle.rules.ts";
import { lineChanges } from "../../../../src/kernel/versioning/line-diff.rules.ts";
import { noPointers, publish, rollback, shadow } from "../../../../src/kernel/versioning/pointers.rules.ts";

const lifecycle: Lifecycle<"draft" | "live" | "gone"> = {
  module: "things",
  initial: "draft",
  moves: { draft: ["live", "gone"], live: ["gone"], gone: [] },
  fourEyes: ["live"],
};
const version = { version: 3, status: "draft" as const, createdBy: "user:a", authorId: "a" };

describe("the lifecycle of a version", () => {
  it("moves along its arrows only and says which there are", () => {
    expect(moveVersion(lifecycle, version, "gone", { name: "user:a", person: "a" })).toEqual({
      ...version,
      status: "gone",
    });
    expect(() =>
      moveVersion(lifecycle, { ...version, status: "gone" as const }, "live", {
        name: "user:b",
        person: "b",
      }),
    ).toThrow("things.transition_refused");
  });

  it("says what may be done instead, and how", () => {
    const mover = { name: "user:b", person: "b" };
    const refused = (status: "draft" | "live" | "gone", to: "live" | "draft") => {
      try {
        moveVersion({ ...lifecycle, ways: { gone: 'with ":end"' } }, { ...version, status }, to, mover);
      } catch (error) {
        return toFailure(error).detail;
      }
      return undefined;
    };
    expect(refused("draft", "draft")).toBe(
      'Version 3 is draft; it can\'t become draft. It can become live or gone with ":end".',
    );
    expect(refused("gone", "live")).toBe(
      "Version 3 is gone; it can't become live. It stays as it is; add another version.",
    );
  });

  it("wants four eyes, whether the author comes in person or by key", () => {
    expect(moveVersion(lifecycle, version, "live", { name: "user:b", person: "b" }).status).toBe("live");
    for (const mover of [
      { name: "user:a", person: "a" },
      { name: "api_key:k", person: "a" },
    ]) {
      expect(() => moveVersion(lifecycle, version, "live", mover)).toThrow("things.approver_is_author");
    }
  });
});

describe("the difference of two definitions", () => {
  it("names each member that came, went or changed", () => {
    expect(
      differences({ a: 1, b: { c: [1, 2] }, d: 0 }, { a: 2, b: { c: [1, 2], e: null }, "f/g": 0 }),
    ).toEqual([
      { op: "replace", path: "/a", before: 1, value: 2 },
      { op: "add", path: "/b/e", value: null },
      { op: "remove", path: "/d", before: 0 },
      { op: "add", path: "/f~1g", value: 0 },
    ]);
  });

  it("shows an insertion into a list as one addition, and nothing for equal values", () => {
    expect(differences(["a", "c"], ["a", "b", "c"])).toEqual([{ op: "add", path: "/1", value: "b" }]);
    expect(differences(["a", "b", "c"], ["a", "c"])).toEqual([{ op: "remove", path: "/1", before: "b" }]);
    expect(differences({ x: 1, y: [2] }, { y: [2], x: 1 })).toEqual([]);
  });

  it("compares texts by line, and putting the changes together gives both back", () => {
    const before = "one\ntwo\nthree\nfour";
    const after = "one\n둘\nthree\nfive\nfour";
    const changes = lineChanges(before, after);
    expect(changes.map(({ op, text }) => `${op} ${text}`)).toEqual([
      "same one",
      "remove two",
      "add 둘",
      "same three",
      "add five",
      "same four",
    ]);
    const textOf = (without: string) =>
      changes
        .filter(({ op }) => op !== without)
        .map(({ text }) => text)
        .join("\n");
    expect(textOf("add")).toBe(before);
    expect(textOf("remove")).toBe(after);
  });
});

describe("the pointers of a definition", () => {
  it("go forward by publishing and back along what was live", () => {
    const third = publish(publish(publish(noPointers, 1), 2), 3);
    expect(third).toEqual({ live: 3, shadow: null, history: [1, 2] });
    const second = rollback(third, "things");
    expect(second).toEqual({ live: 2, shadow: null, history: [1] });
    expect(publish(second, 3)).toEqual({ live: 3, shadow: null, history: [1, 2] });
    expect(() => rollback(publish(noPointers, 1), "things")).toThrow("things.nothing_to_roll_back");
  });

  it("stop watching a version when it becomes the live one", () => {
    const watching = shadow(publish(noPointers, 1), 2);
    expect(watching).toEqual({ live: 1, shadow: 2, history: [] });
    expect(publish(watching, 2)).toEqual({ live: 2, shadow: null, history: [1] });
  });
});
