import { describe, expect, it } from "vitest";
import { sabotages } from "../../../simulator/sabotage.ts";
import { simulate } from "../../../simulator/simulate.ts";

const seeds = 1_000;
const part = 100;
const timeoutMs = 60_000;

describe("the simulator", () => {
  const starts = Array.from({ length: seeds / part }, (_, i) => i * part + 1);

  it.each(starts)(
    "holds every promise in the hundred worlds from seed %i",
    { timeout: timeoutMs },
    (start) => {
      for (let seed = start; seed < start + part; seed++) {
        const { violation, jobs } = simulate(seed);
        if (violation !== null) throw new Error(`seed ${seed}: ${violation}`);
        expect(jobs).toBeGreaterThan(0);
      }
    },
  );

  it("replays a world from its seed to the last commit", () => {
    const { commits, jobs } = simulate(7);
    expect(simulate(7)).toMatchObject({ commits, jobs, violation: null });
    expect(commits).toBeGreaterThan(20);
  });

  it.each(sabotages)("notices when this is missing: %s", { timeout: timeoutMs }, (sabotage) => {
    let violation: string | null = null;
    for (let seed = 1; seed <= 100 && violation === null; seed++)
      violation = simulate(seed, sabotage).violation;
    expect(violation).toEqual(expect.any(String));
  });
});
