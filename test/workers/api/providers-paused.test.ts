import { beforeAll, describe, expect, it } from "vitest";
import { newWorld, sampleCase, scriptedLlm, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

describe("a provider whose credit is spent", () => {
  const waysBack: Readonly<Record<string, (profile: string) => Promise<unknown>>> = {
    "its profile is put again": async (profile) => {
      const before = (await world.ok(`GET /v1/profiles/${profile}`)).body;
      const { provider, baseUrl, model, embeddingModel, secretName, prices } = before;
      await world.ok(`PUT /v1/profiles/${profile}`, {
        json: { provider, baseUrl, model, embeddingModel, secretName, prices },
        headers: { "if-match": "*" },
      });
    },
    "it is resumed": (profile) => world.ok(`POST /v1/profiles/${profile}:resume`),
  };

  it.each(Object.keys(waysBack))(
    "is paused, its jobs wait, others run on, until %s",
    async (way) => {
      await scriptedLlm.reset();
      const { id: dataset } = await world.dataset(1);
      const profile = await world.profile();
      const ask = { dataset, metrics: ["faithfulness"], profile, options: { cache: false } };
      await scriptedLlm.fail(...Array.from({ length: 6 }, () => ({ kind: "status", status: 402 })));
      const spent = await world.ended((await world.submit(ask)).id);
      await scriptedLlm.reset();
      const waiting = await world.submit(ask);
      const lexical = await world.submit({ dataset, metrics: ["exact_match"] });
      expect((await world.ended(lexical.id)).status).toBe("SUCCEEDED");
      expect([spent.status, spent.error?.code ?? null]).toEqual(["FAILED", "llm.credit_exhausted"]);
      await world.inState(waiting.id, "BLOCKED", "blocked_paused");
      await waysBack[way]?.(profile);
      expect((await world.ended(waiting.id, 30_000)).status).toBe("SUCCEEDED");
    },
    60_000,
  );
});

describe("runs of different data sets", () => {
  it("are not compared case by case, and a gate over them is inconclusive", async () => {
    const other = Array.from({ length: 6 }, (_, n) => ({
      ...sampleCase(n),
      user_input: `전혀 다른 질문 ${n}`,
      reference: `다른 답 ${n}`,
    }));
    const strangers = other.map((row, n) => ({ ...row, id: `other${n}` }));
    const run = async (rows: number | readonly unknown[]) =>
      (await world.run({ dataset: (await world.dataset(rows)).id, metrics: ["exact_match"] })).id as string;
    const baseline = await run(6);
    for (const [rows, pairs, code, reason] of [
      [strangers, 0, "unmatched_cases", "low_pair_coverage"],
      [other, 6, "input_differs", "unfair_comparison"],
    ] as const) {
      const candidate = await run(rows);
      const { body } = await world.ok("POST /v1/runs:compare", { json: { baseline, candidate } });
      expect(body.pairing.pairs).toBe(pairs);
      expect(body.warnings.map((warning: { code: string }) => warning.code)).toEqual(
        expect.arrayContaining(["dataset_differs", code]),
      );
      const gate = await world.ok("POST /v1/runs:gate", {
        json: {
          baseline,
          candidate,
          policy: { metrics: [{ metric: "exact_match", margin: 0.05 }], minPairs: 2 },
        },
      });
      expect([gate.body.outcome, gate.body.metrics[0].reason], gate.text).toEqual(["inconclusive", reason]);
    }
  });
});
