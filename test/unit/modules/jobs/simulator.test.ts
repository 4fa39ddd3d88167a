import { describe, expect, it } from "vitest";
import { jobSteps } from "../../../../durable-objects/jobs/schema.ts";
import { SqlJobStore } from "../../../../durable-objects/jobs/store.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { decide } from "../../../../src/modules/jobs/engine/decide.ts";
import { sabotages } from "../../../simulator/sabotage.ts";
import { simulate } from "../../../simulator/simulate.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

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

  it("comes to the same decisions over SQLite as in memory", { timeout: timeoutMs }, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const store = new SqlJobStore(nodeSqlStorage(jobSteps));
      const { violation } = simulate(seed, {
        watch({ command, decision, now, chance }) {
          expect(decide(store, command, now, seededRandom(chance))).toEqual(decision);
        },
      });
      expect(violation).toBeNull();
    }
  });

  it.each(sabotages)("notices when this is missing: %s", { timeout: timeoutMs }, (sabotage) => {
    let violation: string | null = null;
    for (let seed = 1; seed <= 100 && violation === null; seed++)
      violation = simulate(seed, { sabotage }).violation;
    expect(violation).toEqual(expect.any(String));
  });
});
