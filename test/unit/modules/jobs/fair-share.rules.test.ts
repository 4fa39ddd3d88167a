import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { type Flow, shareOut } from "../../../../src/modules/jobs/fair-share.rules.ts";

const flow = (key: string, changes: Partial<Flow> = {}): Flow => ({
  key,
  weight: 1,
  demand: 1_000,
  room: 1_000,
  credit: 0,
  ...changes,
});

describe("sharing turns between flows", () => {
  it("divides by weight", () => {
    const { grants } = shareOut([flow("a", { weight: 1 }), flow("b", { weight: 3 })], 40);
    expect(grants).toEqual({ a: 10, b: 30 });
  });

  it("comes out the same when turns are given one by one, credits kept in between", () => {
    let flows = [flow("a", { weight: 2 }), flow("b", { weight: 3 }), flow("c", { weight: 5 })];
    const total: Record<string, number> = {};
    for (let i = 0; i < 100; i++) {
      const { grants, credits } = shareOut(flows, 1);
      for (const [key, count] of Object.entries(grants)) total[key] = (total[key] ?? 0) + count;
      flows = flows.map((one) => ({ ...one, credit: credits[one.key] ?? 0 }));
    }
    expect(total).toEqual({ a: 20, b: 30, c: 50 });
  });

  it("spreads the turns of a heavy flow instead of giving them in a row", () => {
    const order: string[] = [];
    let flows = [flow("heavy", { weight: 3 }), flow("light")];
    for (let i = 0; i < 8; i++) {
      const { grants, credits } = shareOut(flows, 1);
      order.push(...Object.keys(grants));
      flows = flows.map((one) => ({ ...one, credit: credits[one.key] ?? 0 }));
    }
    expect(order.join(" ")).toBe("heavy heavy light heavy heavy heavy light heavy");
  });

  it("gives no flow more than it wants or has room for, and the rest to the others", () => {
    const { grants } = shareOut([flow("a", { demand: 2 }), flow("b", { room: 3 }), flow("c")], 20);
    expect(grants).toEqual({ a: 2, b: 3, c: 15 });
  });

  it("gives fewer turns than there are when nobody can take them", () => {
    expect(shareOut([flow("a", { demand: 2 }), flow("b", { room: 0 })], 9).grants).toEqual({ a: 2 });
    expect(shareOut([], 9).grants).toEqual({});
    expect(shareOut([flow("a", { weight: 0 })], 9).grants).toEqual({});
  });

  it("takes the credit of a flow that has nothing to run, so that idling earns nothing", () => {
    const { credits } = shareOut([flow("idle", { demand: 0, credit: 5 }), flow("a")], 3);
    expect(credits.idle).toBe(0);
  });

  it("keeps every flow within one turn of its exact share, whatever the weights", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 50; round++) {
      const flows = Array.from({ length: 2 + Math.floor(random() * 6) }, (_, i) =>
        flow(`f${i}`, { weight: 1 + Math.floor(random() * 9) }),
      );
      const total = flows.reduce((sum, { weight }) => sum + weight, 0);
      const slots = 1 + Math.floor(random() * 300);
      const { grants } = shareOut(flows, slots);
      for (const { key, weight } of flows) {
        expect(Math.abs((grants[key] ?? 0) - (slots * weight) / total)).toBeLessThanOrEqual(1);
      }
    }
  });
});
