import { describe, expect, it } from "vitest";
import type { InhibitionRule, Labels, Matcher } from "../../../../../contracts/alerts.ts";
import { alertFingerprint } from "../../../../../src/modules/alerts/fingerprint.ts";
import { MemoryHubStore } from "../../../../../src/modules/alerts/hub/memory-store.ts";
import { Inhibitions } from "../../../../../src/modules/alerts/inhibition/inhibition.rules.ts";

const now = 1000;
const is = (name: string, value: string, op: Matcher["op"] = "="): Matcher => ({ name, op, value });

/** Whether an alert is muted while others fire until given instants (null: open). */
function muted(
  rules: readonly InhibitionRule[],
  sources: readonly (readonly [Labels, number | null])[],
  labels: Labels,
): boolean {
  const inhibitions = new Inhibitions(rules);
  const store = new MemoryHubStore();
  for (const [source, endsAt] of sources)
    store.putSources(alertFingerprint("r", source), inhibitions.sourcesOf(source), endsAt);
  return inhibitions
    .targetsOf(labels)
    .some(
      ({ ruleKey, equalKey, sourceToo }) => store.findSource(ruleKey, equalKey, now, sourceToo) !== undefined,
    );
}

describe("the equal labels of an inhibition", () => {
  const rule = (equal: string[]): InhibitionRule => ({
    id: "i",
    source: [is("role", "source")],
    target: [is("role", "source", "!=")],
    equal,
  });
  const source = (labels: Labels, endsAt: number | null): readonly [Labels, number | null] => [
    { role: "source", ...labels },
    endsAt,
  ];

  it("mute nothing without a source", () => {
    expect(muted([rule([])], [], { a: "b" })).toBe(false);
  });

  it("are fulfilled by any source when there are none", () => {
    expect(muted([rule([])], [source({}, null)], { a: "b" })).toBe(true);
  });

  it("do not mute by a source that has ended", () => {
    const sources = [source({ a: "b", b: "f" }, now - 1), source({ a: "b", b: "c" }, now - 1)];
    expect(muted([rule(["a", "b"])], sources, { a: "b", b: "c" })).toBe(false);
    expect(muted([rule(["a"])], [source({ a: "b" }, now)], { a: "b" })).toBe(false);
    expect(muted([rule(["a"])], [source({ a: "b" }, now + 1)], { a: "b" })).toBe(true);
  });

  it("mute by one that fires among others that ended", () => {
    const sources = [source({ a: "b", c: "d" }, now - 1), source({ a: "b", c: "f" }, now + 3_600_000)];
    expect(muted([rule(["a"])], sources, { a: "b" })).toBe(true);
  });

  it("must have the same value", () => {
    expect(muted([rule(["a"])], [source({ a: "c" }, null)], { a: "b" })).toBe(false);
    expect(muted([rule(["a"])], [source({ a: "c" }, null)], {})).toBe(false);
  });

  it("are equal when they are missing on both sides", () => {
    expect(muted([rule(["a", "b"])], [source({ a: "1" }, null)], { a: "1" })).toBe(true);
  });
});

describe("an inhibition by equality", () => {
  const rules: InhibitionRule[] = [
    { id: "1", source: [is("s1", "1")], target: [is("t1", "1")], equal: ["e"] },
    { id: "2", source: [is("s2", "1")], target: [is("t2", "1")], equal: ["e"] },
  ];
  const sources = [
    [{ s1: "1", t1: "2", e: "1" }, null],
    [{ s2: "1", t2: "1", e: "1" }, null],
  ] as const;

  it.each([
    ["the target of rule 1", { t1: "1", e: "1" }, true],
    ["the target of rule 2", { t2: "1", e: "1" }, true],
    ["the target of rule 1 with other labels", { t1: "1", t3: "1", e: "1" }, true],
    ["the target of both rules", { t1: "1", t2: "1", e: "1" }, true],
    ["no target", { t1: "0", e: "1" }, false],
    ["source and target of rule 1, whose source is no target", { s1: "1", t1: "1", e: "1" }, true],
    ["source and target of rule 2, whose source is a target too", { s2: "1", t2: "1", e: "1" }, false],
    ["a target whose equal label differs", { t1: "1", e: "0" }, false],
  ])("judges %s", (_name, labels, expected) => {
    expect(muted(rules, sources, labels as unknown as Labels)).toBe(expected);
  });
});

describe("an inhibition with a target by inequality", () => {
  const rules: InhibitionRule[] = [
    { id: "1", source: [is("s1", "1")], target: [is("t1", "1", "!=")], equal: ["e"] },
    { id: "2", source: [is("s2", "1")], target: [is("t2", "1")], equal: ["e"] },
  ];
  const sources = [
    [{ s1: "1", t1: "2", e: "1" }, null],
    [{ s2: "1", t2: "1", e: "1" }, null],
  ] as const;

  it.each([
    [{ t1: "1", e: "1" }, false],
    [{ t2: "1", e: "1" }, true],
    [{ t1: "1", t3: "1", e: "1" }, false],
    [{ t1: "1", t2: "1", e: "1" }, true],
    [{ t1: "0", e: "1" }, true],
    [{ s1: "1", t1: "1", e: "1" }, false],
    [{ s2: "1", t2: "1", e: "1" }, true],
    [{ t1: "1", e: "0" }, false],
  ])("mutes %j: %s", (labels, expected) => {
    expect(muted(rules, sources, labels as unknown as Labels)).toBe(expected);
  });
});
