import { describe, expect, it } from "vitest";
import { gateOf } from "../../../queues/poll/gate.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the gate of polls", () => {
  it("lets so many through at once; a slow one holds up one place only", async () => {
    const gate = gateOf(3);
    let going = 0;
    let most = 0;
    const done: number[] = [];
    const work = (n: number, ms: number) =>
      gate(async () => {
        going += 1;
        most = Math.max(most, going);
        await pause(ms);
        going -= 1;
        done.push(n);
      });
    await Promise.all([work(0, 200), ...Array.from({ length: 20 }, (_, i) => work(i + 1, 2))]);
    expect(most).toBe(3);
    expect(done.at(-1)).toBe(0);
    expect(done).toHaveLength(21);
  });

  it("goes on after work that failed", async () => {
    const gate = gateOf(1);
    await expect(gate(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await gate(async () => "yes")).toBe("yes");
  });
});
