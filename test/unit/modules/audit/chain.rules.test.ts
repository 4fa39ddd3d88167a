import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type ChainWalk,
  chainHash,
  chainOn,
  checkHead,
  type FoundEvent,
  genesisHash,
  walkOn,
} from "../../../../src/modules/audit/chain.rules.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const begin: ChainWalk = { seq: 0, hash: genesisHash, checked: 0, fault: null };

/** A chain of n events, as it stands in the database. */
function chainOf(n: number): FoundEvent[] {
  const events = Array.from({ length: n }, (_, i) => ({
    id: `evt_${i + 1}`,
    digest: sha256(`event ${i + 1}`),
  }));
  return chainOn({ seq: 0, hash: genesisHash }, events).map(({ eventId, seq, hash }, i) => {
    const digest = events[i]?.digest ?? "";
    return { id: eventId, seq, digest, chainHash: hash, recomputed: digest };
  });
}

const headOf = (chain: readonly FoundEvent[]) => ({
  seq: chain.length,
  hash: chain.at(-1)?.chainHash ?? genesisHash,
});
const verdict = (rows: readonly FoundEvent[], chain: readonly FoundEvent[], more = false) => {
  const sorted = [...rows].sort((a, b) => a.seq - b.seq);
  return checkHead(walkOn(begin, sorted), headOf(chain), sorted.at(-1)?.id ?? null, more);
};

describe("the chain of events", () => {
  it("is the SHA-256 of the previous chain hash, a bar and the digest", () => {
    expect(chainHash(genesisHash, "abc")).toBe(sha256(`${"0".repeat(64)}|abc`));
    const [first, second] = chainOf(2);
    expect(second?.chainHash).toBe(sha256(`${first?.chainHash}|${second?.digest}`));
  });

  it("continues where the head stands, whatever the batches", () => {
    const whole = chainOf(5);
    const parts = whole.map(({ id, digest }) => ({ id, digest }));
    const first = chainOn({ seq: 0, hash: genesisHash }, parts.slice(0, 2));
    const rest = chainOn({ seq: 2, hash: first[1]?.hash ?? "" }, parts.slice(2));
    expect([...first, ...rest].map(({ hash }) => hash)).toEqual(whole.map(({ chainHash }) => chainHash));
  });

  it("is in order when nothing happened to it, in one walk or in several", () => {
    const chain = chainOf(7);
    expect(verdict(chain, chain)).toBeNull();
    const steps = walkOn(walkOn(begin, chain.slice(0, 3)), chain.slice(3));
    expect(steps).toEqual({ seq: 7, hash: headOf(chain).hash, checked: 7, fault: null });
    expect(verdict([], [])).toBeNull();
  });

  it("names each place at which one event was changed, with or without a matching digest", () => {
    const chain = chainOf(6);
    for (let i = 0; i < 6; i++) {
      const changed = chain.map((row, j) => (i === j ? { ...row, recomputed: sha256("other") } : row));
      const fault = { seq: i + 1, eventId: `evt_${i + 1}`, kind: "changed" };
      expect(verdict(changed, chain)).toEqual(fault);
      const covered = changed.map((row, j) => (i === j ? { ...row, digest: row.recomputed } : row));
      expect(verdict(covered, chain)).toEqual(fault);
    }
  });

  it("names each place from which one event was taken", () => {
    const chain = chainOf(6);
    for (let i = 0; i < 6; i++) {
      const kind = i === 5 ? "truncated" : "missing";
      expect(verdict(chain.toSpliced(i, 1), chain)).toEqual({ seq: i + 1, eventId: null, kind });
    }
    expect(verdict([], chain)).toEqual({ seq: 1, eventId: null, kind: "truncated" });
    expect(verdict([], chain, true)).toEqual({ seq: 1, eventId: null, kind: "missing" });
  });

  it("names two events that changed places, whether or not their hashes moved along", () => {
    const chain = chainOf(6);
    for (let i = 0; i < 6; i++) {
      for (let j = i + 1; j < 6; j++) {
        const [a, b] = [chain[i], chain[j]];
        if (!a || !b) continue;
        const fault = { seq: a.seq, eventId: b.id, kind: "reordered" };
        const moved = chain.with(i, { ...b, seq: a.seq }).with(j, { ...a, seq: b.seq });
        expect(verdict(moved, chain)).toEqual(fault);
        const kept = moved
          .with(i, { ...b, seq: a.seq, chainHash: a.chainHash })
          .with(j, { ...a, seq: b.seq, chainHash: b.chainHash });
        expect(verdict(kept, chain)).toEqual(fault);
      }
    }
  });

  it("tells a chain that was rewritten from the start by its end", () => {
    const chain = chainOf(4);
    const forged = chainOn(
      { seq: 0, hash: genesisHash },
      chain.map(({ id }) => ({ id, digest: sha256(`forged ${id}`) })),
    ).map(({ eventId, seq, hash }) => {
      const digest = sha256(`forged ${eventId}`);
      return { id: eventId, seq, digest, chainHash: hash, recomputed: digest };
    });
    expect(walkOn(begin, forged).fault).toBeNull();
    expect(verdict(forged, chain)).toEqual({ seq: 4, eventId: "evt_4", kind: "changed" });
  });

  it("stops at the first fault and keeps it", () => {
    const chain = chainOf(6);
    const walk = walkOn(begin, chain.toSpliced(1, 1));
    expect(walk).toMatchObject({ seq: 1, checked: 1, fault: { seq: 2, kind: "missing" } });
    expect(walkOn(walk, chain.slice(1))).toBe(walk);
  });
});
