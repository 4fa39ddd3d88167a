import { describe, expect, it } from "vitest";
import { GateDecision, GatePolicy, GateVerdict, gateExitCodes } from "../../../../../contracts/comparison.ts";
import { sha256Json } from "../../../../../src/kernel/hash.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { decideGate } from "../../../../../src/modules/evaluation/gate/gate.rules.ts";
import type { RunScores } from "../../../../../src/modules/evaluation/summary/run-scores.ts";
import { type Given, metric, rows, run } from "../comparison/runs.ts";

type Rule = { metric: string; margin?: number; floor?: number; minCoverage?: number; noiseSd?: number };

function policy(rules: Rule[], more: object = {}): GatePolicy {
  return GatePolicy.parse({ metrics: rules, resamples: 4_000, ...more });
}

/** n scores around 0.7, and the same moved by `shift` with a spread. */
function scores(n: number, shift: number, spread: number, seed = 6): { before: number[]; after: number[] } {
  const random = seededRandom(seed);
  const before = Array.from({ length: n }, () => 0.55 + 0.3 * random());
  return { before, after: before.map((score) => score + shift + spread * (random() - 0.5)) };
}

function gate(
  before: readonly Given[],
  after: readonly Given[],
  rule: Omit<Rule, "metric"> = {},
  more: object = {},
) {
  return decideGate(
    run("a", rows({ quality: before })),
    run("b", rows({ quality: after })),
    policy([{ metric: "quality", ...rule }], more),
    "policy",
  );
}

function first(decision: GateDecision) {
  const [found] = decision.metrics;
  if (found === undefined) throw new Error("no verdict");
  return found;
}

describe("the gate on one metric", () => {
  it("passes a candidate whose lower limit is above the margin", () => {
    const { before, after } = scores(80, -0.005, 0.1);
    const decision = gate(before, after);
    expect(decision).toMatchObject({ outcome: "pass", exitCode: 0 });
    expect(first(decision)).toMatchObject({ reason: "not_worse", pairsNeeded: null });
    expect(first(decision).interval?.low).toBeGreaterThan(-0.05);
  });

  it("fails a candidate whose upper limit is below the margin", () => {
    const { before, after } = scores(80, -0.12, 0.1);
    const decision = gate(before, after);
    expect(decision).toMatchObject({ outcome: "fail", exitCode: 1 });
    expect(first(decision).reason).toBe("proved_worse");
    expect(first(decision).interval?.high).toBeLessThan(-0.05);
    expect(first(decision).adjustedPWorse).toBeLessThanOrEqual(0.025);
  });

  it("does not fail for a drop past the margin that may be chance, and says how many pairs would tell", () => {
    const before = new Array<number>(20).fill(0.6);
    const after = before.map((score, index) => score - 0.07 + (index % 2 === 0 ? 0.2 : -0.2));
    const decision = gate(before, after);
    expect(first(decision).difference).toBeLessThan(-0.05);
    expect(decision).toMatchObject({ outcome: "inconclusive", exitCode: 2 });
    expect(first(decision).reason).toBe("not_decided");
    expect(first(decision).pairsNeeded).toBeGreaterThan(20);
  });

  it("passes a run against itself", () => {
    const { before } = scores(40, 0, 0);
    expect(gate(before, before).outcome).toBe("pass");
  });

  it("turns round where lower is better", () => {
    const { before, after } = scores(80, 0.12, 0.1);
    const lower = [metric("quality", { direction: "lower" })];
    const judge = (a: readonly number[], b: readonly number[]) =>
      decideGate(
        run("a", rows({ quality: a }), lower),
        run("b", rows({ quality: b }), lower),
        policy([{ metric: "quality" }]),
        "policy",
      );
    expect(judge(before, after).outcome).toBe("fail");
    expect(judge(after, before).outcome).toBe("pass");
  });

  it("agrees with the limits of the interval it shows", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { before, after } = scores(30, -0.05 + (seed - 30) * 0.002, 0.2, seed);
      const found = first(gate(before, after, {}, { resamples: 1_000 }));
      const { low = 0, high = 0 } = found.interval ?? {};
      const expected = low > -0.05 ? "pass" : high < -0.05 ? "fail" : "inconclusive";
      expect(found.outcome).toBe(expected);
    }
  });
});

describe("a gate with too little to go by", () => {
  const { before, after } = scores(40, 0, 0.05);

  it("is inconclusive, not failed, when the judge broke down", () => {
    const broken = after.map((score, index): Given => (index < 20 ? "judge_error" : score));
    const decision = gate(before, broken, { floor: 0.5 });
    expect(decision.outcome).toBe("inconclusive");
    expect(first(decision)).toMatchObject({ reason: "low_coverage", coverage: 0.5 });
  });

  it("is inconclusive when nothing at all was scored, whatever the floor", () => {
    const nothing = after.map((): Given => "judge_error");
    expect(first(gate(before, nothing, { floor: 0.5 }))).toMatchObject({
      reason: "low_coverage",
      meanCandidate: null,
    });
  });

  it("takes the coverage a rule asks for over the one of the policy", () => {
    const partly = after.map((score, index): Given => (index < 4 ? "not_applicable" : score));
    expect(first(gate(before, partly)).reason).toBe("low_coverage");
    expect(first(gate(before, partly, { minCoverage: 0.9 })).reason).toBe("not_worse");
  });

  it("cannot be passed by leaving out the cases that went wrong", () => {
    const decision = gate(before, after.slice(0, 30));
    expect(first(decision)).toMatchObject({
      outcome: "inconclusive",
      reason: "low_pair_coverage",
      coverage: 1,
    });
    expect(first(decision).pairCoverage).toBe(0.75);
  });

  it("is not disturbed by cases that are new in the candidate", () => {
    expect(gate(before.slice(0, 30), after).outcome).toBe("pass");
  });

  it("asks for more pairs below the least number", () => {
    const decision = gate([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);
    expect(first(decision)).toMatchObject({ reason: "too_few_pairs", pairsNeeded: 10 });
    expect(gate([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], {}, { minPairs: 3 }).outcome).toBe("pass");
  });

  it("says which metric the candidate does not have", () => {
    const decision = decideGate(
      run("a", rows({ quality: before })),
      run("b", rows({ quality: after })),
      policy([{ metric: "quality" }, { metric: "elsewhere" }]),
      "policy",
    );
    expect(decision.outcome).toBe("inconclusive");
    expect(decision.metrics[1]).toMatchObject({
      metric: "elsewhere",
      reason: "metric_missing",
      direction: null,
    });
  });

  it("never passes a metric that only the baseline lacks", () => {
    const decision = decideGate(
      run("a", rows({ other: before }), [metric("other")]),
      run("b", rows({ quality: after })),
      policy([{ metric: "quality", floor: 0.1 }]),
      "policy",
    );
    expect(first(decision)).toMatchObject({ outcome: "inconclusive", reason: "no_baseline" });
  });
});

describe("the floor of a gate", () => {
  const { before, after } = scores(40, 0, 0.02);

  it("fails a candidate below it even when it equals the baseline", () => {
    const decision = gate(before, after, { floor: 0.9 });
    expect(decision.outcome).toBe("fail");
    expect(first(decision).reason).toBe("floor_broken");
  });

  it("is a ceiling where lower is better", () => {
    const lower = [metric("quality", { direction: "lower" })];
    const decide = (floor: number) =>
      decideGate(
        run("a", rows({ quality: before }), lower),
        run("b", rows({ quality: after }), lower),
        policy([{ metric: "quality", floor }]),
        "policy",
      ).outcome;
    expect(decide(0.5)).toBe("fail");
    expect(decide(0.9)).toBe("pass");
  });

  it("holds for a mean that equals it but for the last bits", () => {
    const same = new Array<number>(30).fill(0.7);
    expect(gate(same, same, { floor: 0.7 }).outcome).toBe("pass");
  });

  it("is all there is to hold without a baseline", () => {
    const candidate = run("b", rows({ quality: after }));
    const decide = (rule: Rule) => decideGate(null, candidate, policy([rule]), "policy");
    expect(first(decide({ metric: "quality", floor: 0.5 }))).toMatchObject({
      outcome: "pass",
      reason: "floor_held",
    });
    expect(first(decide({ metric: "quality", floor: 0.9 })).reason).toBe("floor_broken");
    expect(first(decide({ metric: "quality" }))).toMatchObject({
      outcome: "inconclusive",
      reason: "no_baseline",
    });
    expect(decide({ metric: "quality" }).baseline).toBeNull();
  });
});

describe("noise and the gate", () => {
  it("does not fail a drop that repeats of one configuration show too", () => {
    const { before, after } = scores(80, -0.12, 0.1);
    expect(gate(before, after, { noiseSd: 0.01 }).outcome).toBe("fail");
    expect(first(gate(before, after, { noiseSd: 0.1 }))).toMatchObject({
      outcome: "inconclusive",
      reason: "within_noise",
    });
  });

  it("never relaxes for an unreliable metric: more noise turns no verdict into a pass", () => {
    for (const shift of [-0.2, -0.1, -0.06, -0.05, -0.03, 0, 0.05]) {
      const { before, after } = scores(30, shift, 0.2);
      const quiet = gate(before, after, { floor: 0.6 }, { resamples: 1_000 }).outcome;
      for (const noiseSd of [0.01, 0.05, 0.2]) {
        const noisy = gate(before, after, { floor: 0.6, noiseSd }, { resamples: 1_000 }).outcome;
        if (noisy === "pass") expect(quiet).toBe("pass");
      }
    }
  });
});

describe("an unfair comparison", () => {
  const { before, after } = scores(40, 0, 0.05);
  const judged = [metric("quality", { usesJudge: true }), metric("length")];
  const of = (id: string, values: readonly number[], judgeHash: string): RunScores =>
    run(id, rows({ quality: values, length: values }), judged, { judgeHash });
  const rules = [{ metric: "quality" }, { metric: "length" }];

  it("is inconclusive for the metrics it touches and no others", () => {
    const decision = decideGate(of("a", before, "one"), of("b", after, "two"), policy(rules), "policy");
    expect(decision.metrics.map(({ reason }) => reason)).toEqual(["unfair_comparison", "not_worse"]);
    expect(decision.outcome).toBe("inconclusive");
    expect(decision.warnings.map(({ code }) => code)).toEqual(["judge_differs"]);
  });

  it("is only a warning when the policy says so", () => {
    const lenient = policy(rules, { onUnfair: "warn" });
    const decision = decideGate(of("a", before, "one"), of("b", after, "two"), lenient, "policy");
    expect(decision.outcome).toBe("pass");
    expect(decision.warnings.map(({ code }) => code)).toEqual(["judge_differs"]);
  });
});

describe("the gate on several metrics", () => {
  const names = Array.from({ length: 12 }, (_, index) => `m${index + 1}`);
  const rules = names.map((name) => ({ metric: name, margin: 0 }));
  const metrics = names.map((name) => metric(name));

  it("fails when one metric is clearly worse and the others are fine", () => {
    const fine = scores(60, 0, 0.02);
    const bad = scores(60, -0.2, 0.02);
    const two = [metric("good"), metric("bad")];
    const decision = decideGate(
      run("a", rows({ good: fine.before, bad: bad.before }), two),
      run("b", rows({ good: fine.after, bad: bad.after }), two),
      policy([{ metric: "good" }, { metric: "bad" }]),
      "policy",
    );
    expect(decision.outcome).toBe("fail");
    expect(decision.metrics.map(({ outcome }) => outcome)).toEqual(["pass", "fail"]);
  });

  it("does not let one metric of many fail by chance alone", () => {
    // One metric is just significant by itself; eleven more were looked at.
    const weak = { seed: 0, before: [] as number[], after: [] as number[] };
    for (let seed = 1; weak.seed === 0; seed++) {
      const { before, after } = scores(40, -0.02, 0.1, seed);
      const alone = first(gate(before, after, { margin: 0 }));
      const p = alone.pWorse ?? 1;
      if (alone.outcome === "fail" && p > 0.005) Object.assign(weak, { seed, before, after });
    }
    const { before, after } = scores(40, 0, 0.1);
    const column = (chosen: readonly number[], rest: readonly number[]) =>
      Object.fromEntries(names.map((name, index) => [name, index === 0 ? chosen : rest]));
    const decision = decideGate(
      run("a", rows(column(weak.before, before)), metrics),
      run("b", rows(column(weak.after, after)), metrics),
      policy(rules),
      "policy",
    );
    expect(decision.metrics[0]).toMatchObject({ outcome: "inconclusive", reason: "not_confirmed" });
    expect(decision.metrics[0]?.adjustedPWorse).toBeGreaterThan(0.025);
    expect(decision.outcome).not.toBe("fail");
  });

  it("leaves the p of a single metric as it is", () => {
    const { before, after } = scores(30, -0.06, 0.2);
    const found = first(gate(before, after));
    expect(found.adjustedPWorse).toBe(found.pWorse);
  });

  it("fails a harmless candidate in about as few of many gates as its level says", () => {
    const random = seededRandom(77);
    let failed = 0;
    const draw = () => Array.from({ length: 25 }, () => random());
    for (let trial = 0; trial < 120; trial++) {
      const some = names.slice(0, 4);
      const make = (id: string) =>
        run(id, rows(Object.fromEntries(some.map((name) => [name, draw()]))), metrics.slice(0, 4));
      const decision = decideGate(
        make("a"),
        make("b"),
        policy(rules.slice(0, 4), { resamples: 1_000 }),
        "policy",
      );
      if (decision.outcome === "fail") failed++;
    }
    expect(failed / 120).toBeLessThan(0.08);
  });
});

describe("the evidence of a gate", () => {
  const { before, after } = scores(40, -0.02, 0.1);

  it("holds its inputs by hash, parses by its contract and is the same each time", () => {
    const decision = gate(before, after);
    expect(decision.policyHash).toBe("policy");
    expect(decision.baseline).toMatchObject({ runId: "a", datasetHash: "dataset", configHash: "config" });
    expect(GateDecision.parse(decision)).toEqual(decision);
    expect(gate(before, after)).toEqual(decision);
  });

  it("is sealed by a hash that any change breaks", async () => {
    const decision = gate(before, after);
    const sealed = GateVerdict.parse({ ...decision, hash: await sha256Json(decision) });
    const { hash, ...rest } = GateVerdict.parse(JSON.parse(JSON.stringify(sealed)));
    expect(await sha256Json(rest)).toBe(hash);
    expect(
      await sha256Json({
        ...rest,
        outcome: "pass",
        exitCode: 0,
        candidate: { ...rest.candidate, runId: "c" },
      }),
    ).not.toBe(hash);
  });

  it("has an exit code for every outcome", () => {
    expect(gateExitCodes).toEqual({ pass: 0, fail: 1, inconclusive: 2 });
  });
});

describe("the policy of a gate", () => {
  it("fills in what is not said", () => {
    expect(GatePolicy.parse({ metrics: [{ metric: "quality" }] })).toMatchObject({
      confidence: 0.95,
      minCoverage: 0.95,
      minPairs: 10,
      onUnfair: "inconclusive",
      resamples: 10_000,
      metrics: [{ metric: "quality", margin: 0.05 }],
    });
  });

  it.each([
    ["no metric", { metrics: [] }, "metrics"],
    ["the same metric twice", { metrics: [{ metric: "a" }, { metric: "a" }] }, "metrics.1.metric"],
    ["a negative margin", { metrics: [{ metric: "a", margin: -0.1 }] }, "metrics.0.margin"],
    ["a coverage above one", { metrics: [{ metric: "a" }], minCoverage: 95 }, "minCoverage"],
    ["a floor that is no number", { metrics: [{ metric: "a", floor: Number.NaN }] }, "metrics.0.floor"],
  ])("refuses %s", (_, input, path) => {
    const parsed = GatePolicy.safeParse(input);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });
});
