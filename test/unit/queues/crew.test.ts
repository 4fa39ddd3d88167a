import { describe, expect, it } from "vitest";
import { newCrew } from "../../../queues/poll/crew.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const limits = { most: 3, lookMs: 10, longestMs: 1_000 };

/** Work that waits; how much of it went on at once, and in which order it ended. */
function newWork(...waiting: { readonly name: string; readonly ms: number }[]) {
  const done: string[] = [];
  const seen = { most: 0, going: 0 };
  return {
    done,
    seen,
    add: (name: string, ms: number) => void waiting.push({ name, ms }),
    next: async () => {
      const work = waiting.shift();
      if (work === undefined) return null;
      return async () => {
        seen.going += 1;
        seen.most = Math.max(seen.most, seen.going);
        await pause(work.ms);
        seen.going -= 1;
        if (work.name === "fails") throw new Error("it failed");
        done.push(work.name);
      };
    },
  };
}

describe("the crew that polls", () => {
  it("does so much at once; a slow piece takes one place and keeps nobody waiting", async () => {
    const fast = Array.from({ length: 20 }, (_, i) => ({ name: `f${i}`, ms: 2 }));
    const work = newWork({ name: "slow", ms: 250 }, ...fast);
    await newCrew(limits)("a", work.next);
    expect(work.seen.most).toBe(3);
    expect(work.done).toHaveLength(21);
    expect(work.done.at(-1)).toBe("slow");
  });

  it("finds what comes while a slow piece goes on", async () => {
    const work = newWork({ name: "slow", ms: 200 });
    const round = newCrew(limits)("a", work.next);
    await pause(50);
    work.add("late", 1);
    await round;
    expect(work.done).toEqual(["late", "slow"]);
  });

  it("keeps to its places over all it works for, and starves none of them", async () => {
    const crew = newCrew(limits);
    const [a, b] = [
      newWork(...[1, 2, 3, 4].map((n) => ({ name: `a${n}`, ms: 30 }))),
      newWork({ name: "b1", ms: 5 }),
    ];
    await Promise.all([crew("a", a.next), crew("b", b.next)]);
    expect(a.done).toHaveLength(4);
    expect(b.done).toEqual(["b1"]);
    expect(a.seen.most).toBeLessThanOrEqual(3);
  });

  it("takes no more once it has gone on for long, but one piece for each that knocks", async () => {
    const work = newWork(...Array.from({ length: 50 }, (_, i) => ({ name: `${i}`, ms: 20 })));
    const crew = newCrew({ most: 1, lookMs: 5, longestMs: 60 });
    await crew("a", work.next);
    const first = work.done.length;
    expect(first).toBeLessThan(10);
    await crew("a", work.next);
    expect(work.done).toHaveLength(first + 1);
  });

  it("fails when its work fails, after the rest of it has ended", async () => {
    const work = newWork({ name: "slow", ms: 60 }, { name: "fails", ms: 1 });
    await expect(newCrew(limits)("a", work.next)).rejects.toThrow("it failed");
    expect(work.done).toEqual(["slow"]);
    await expect(newCrew(limits)("a", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  });
});
