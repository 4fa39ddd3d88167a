import { describe, expect, it } from "vitest";
import type { Cli } from "../../../../cli/src/cli.ts";
import { instantOf } from "../../../../cli/src/commands/common.ts";
import { metricsOf, requestOf } from "../../../../cli/src/commands/run-request.ts";
import { localJudge } from "../../../../cli/src/local-judge.ts";
import { fakeMachine } from "../fake-machine.ts";

const metrics = (options: Parameters<typeof metricsOf>[1], stdin = "") =>
  metricsOf({ machine: fakeMachine({ stdin }) }, options);

describe("the metrics of a run", () => {
  it("are named by commas, repeats and a file, and take thresholds", async () => {
    expect(await metrics({ metrics: ["chrf, token_f1", "bleu"], threshold: ["chrf=0.4"] })).toEqual([
      { name: "chrf", options: {}, threshold: 0.4 },
      "token_f1",
      "bleu",
    ]);
    const file = '[{"name":"rouge_n","options":{"n":2}}]';
    expect(await metrics({ "metrics-file": "-", threshold: ["rouge_n=0.5"] }, file)).toEqual([
      { name: "rouge_n", options: { n: 2 }, threshold: 0.5 },
    ]);
    expect(await metrics({})).toEqual([]);
  });

  it("refuse a threshold for a metric that is not asked for, or that is no number", async () => {
    await expect(metrics({ metrics: ["chrf"], threshold: ["bleu=1"] })).rejects.toThrow('names "bleu"');
    await expect(metrics({ metrics: ["chrf"], threshold: ["chrf=high"] })).rejects.toThrow("METRIC=NUMBER");
    await expect(metrics({ "metrics-file": "-" }, "{}")).rejects.toThrow("must hold a JSON list");
  });
});

describe("the callback of a run", () => {
  const callback = async (options: Parameters<typeof requestOf>[2]) =>
    (await requestOf(cli, "ds_1", options))["callback"];
  const cli = { machine: fakeMachine() } as unknown as Cli;

  it("is an address, signed when a secret is named", async () => {
    const url = "https://example.com/done";
    expect(await callback({ callback: url })).toEqual({ url });
    expect(await callback({ callback: url, "callback-secret": "hook" })).toEqual({ url, secretName: "hook" });
    expect(await callback({})).toBeUndefined();
    await expect(callback({ "callback-secret": "hook" })).rejects.toThrow("needs --callback");
  });
});

describe("instants on the command line", () => {
  it("are spans from now, or ISO 8601", () => {
    expect(instantOf("expires", "90d", 0)).toBe("1970-04-01T00:00:00.000Z");
    expect(instantOf("expires", "2030-01-31T09:00:00+09:00", 0)).toBe("2030-01-31T00:00:00.000Z");
    expect(() => instantOf("expires", "next week", 0)).toThrow("--expires is an instant");
  });
});

describe("a judge without a server", () => {
  it("is made of a profile as the server prints it, with the key from the environment", () => {
    const profile = {
      name: "p",
      provider: "ollama",
      model: "qwen3",
      baseUrl: null,
      quirks: {},
      params: { temperature: 0 },
    };
    expect(localJudge(profile, { MARU_PROVIDER_KEY: "k" })).toEqual({
      link: { provider: "ollama", model: "qwen3", quirks: {} },
      allowedHosts: ["localhost:11434"],
      secret: "k",
      params: { temperature: 0 },
    });
    expect(() => localJudge({ provider: "ollama" }, {})).toThrow("a provider and a model");
  });
});
