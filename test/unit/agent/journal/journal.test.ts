import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal, keptMs } from "../../../../agent/src/journal/journal.ts";
import type { Command } from "../../../../contracts/relay/command.ts";

let folder: string;
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maru-journal-"));
  journal = new Journal(join(folder, "j.sqlite"));
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function command(number: number, more: Partial<Command> = {}): Command {
  const id = `cmd_${String(number).padStart(26, "0")}`;
  const nonce = number.toString(16).padStart(32, "0");
  return {
    v: 1,
    id,
    nonce,
    keyId: "k",
    tenantId: "t",
    clusterId: "c",
    actor: "user:a",
    operation: "o",
    driver: "kubernetes",
    verb: "POST",
    path: "/a",
    headers: {},
    issuedAt: 0,
    expiresAt: 1,
    deadlineMs: 1,
    ...more,
  };
}

describe("the journal", () => {
  it("gives a repeat the first result, body included, over a restart", () => {
    expect(journal.begin(command(1, { idempotencyKey: "k1" }), 1000, 0)).toEqual({ as: "first" });
    journal.finish(command(1).id, { status: 201, headers: { a: "b" } }, new TextEncoder().encode("made"));
    journal.close();
    journal = new Journal(join(folder, "j.sqlite"));
    const again = journal.begin(command(2, { idempotencyKey: "k1" }), 1000, 0);
    expect(again).toMatchObject({
      as: "repeat",
      result: { commandId: command(1).id, head: { status: 201 } },
    });
    expect(again.as === "repeat" && Buffer.from(again.result.body ?? []).toString()).toBe("made");
  });

  it("never runs again what has begun and has no known end", () => {
    journal.begin(command(1, { idempotencyKey: "k1" }), 1000, 0);
    expect(journal.begin(command(2, { idempotencyKey: "k1" }), 1000, 0)).toEqual({
      as: "unfinished",
      commandId: command(1).id,
    });
    journal.fail(command(1).id, "unknown");
    expect(journal.begin(command(3, { idempotencyKey: "k1" }), 1000, 0)).toMatchObject({ as: "unfinished" });
  });

  it("lets a key be used again when nothing was sent, and refuses it for another request", () => {
    journal.begin(command(1, { idempotencyKey: "k1" }), 1000, 0);
    journal.fail(command(1).id, "no");
    expect(journal.begin(command(2, { idempotencyKey: "k1" }), 1000, 0)).toEqual({ as: "first" });
    expect(journal.begin(command(3, { idempotencyKey: "k1", path: "/b" }), 1000, 0)).toMatchObject({
      as: "different",
    });
  });

  it("lets a key be used again when the cluster had too much to do, and for no other answer", () => {
    for (const [status, as] of [
      [429, "first"],
      [503, "repeat"],
      [409, "repeat"],
    ] as const) {
      const idempotencyKey = `k${status}`;
      journal.begin(command(status, { idempotencyKey }), 1000, 0);
      journal.finish(command(status).id, { status, headers: {} }, undefined);
      expect(journal.begin(command(status + 1000, { idempotencyKey }), 1000, 0)).toMatchObject({ as });
      expect(journal.outcomes([command(status).id], new Set())).toMatchObject([{ ran: "yes", status }]);
    }
  });

  it("tells what became of commands", () => {
    for (const number of [1, 2, 3, 4]) journal.begin(command(number), 1000, 0);
    journal.finish(command(1).id, { status: 204, headers: {} }, undefined);
    journal.fail(command(2).id, "no");
    journal.fail(command(3).id, "unknown");
    const ids = [1, 2, 3, 4, 5].map((number) => command(number).id);
    expect(journal.outcomes(ids, new Set([command(4).id])).map(({ ran, status }) => [ran, status])).toEqual([
      ["yes", 204],
      ["no", null],
      ["unknown", null],
      ["unknown", null],
      ["no", null],
    ]);
  });

  it("knows nonces of writes at once and of reads after a flush, over a restart, until they expire", () => {
    journal.begin(command(1), 1000, 0);
    journal.see("f".repeat(32), 1000);
    journal.flush();
    journal.close();
    journal = new Journal(join(folder, "j.sqlite"));
    expect([
      journal.hasSeen(command(1).nonce),
      journal.hasSeen("f".repeat(32)),
      journal.hasSeen("0"),
    ]).toEqual([true, true, false]);
    journal.prune(1001);
    expect(journal.hasSeen("f".repeat(32))).toBe(false);
  });

  it("forgets results after a day", () => {
    journal.begin(command(1, { idempotencyKey: "k1" }), 1000, 0);
    journal.prune(keptMs + 1);
    expect(journal.begin(command(2, { idempotencyKey: "k1" }), 1000, 0)).toEqual({ as: "first" });
  });
});
