import { expect, it } from "vitest";
import { problem } from "../../../../src/kernel/problem.ts";
import { runChecks } from "../../../../src/modules/observability/run-checks.ts";

it("reports every check, one that fails by its code and one that hangs by its limit", async () => {
  const results = await runChecks(
    {
      good: async () => {},
      known: async () => {
        throw problem("unavailable", "config.invalid", "postgres://user:secret@host");
      },
      unknown: () => Promise.reject(new Error("secret")),
      atOnce: () => {
        throw new Error("secret");
      },
      silent: () => new Promise(() => {}),
    },
    20,
  );
  const ms = expect.any(Number);
  expect(results).toEqual([
    { name: "good", ok: true, ms },
    { name: "known", ok: false, ms, detail: "config.invalid" },
    { name: "unknown", ok: false, ms, detail: "internal" },
    { name: "atOnce", ok: false, ms, detail: "internal" },
    { name: "silent", ok: false, ms, detail: "no answer in 20 ms" },
  ]);
});
