import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChainedLog, logFiles, verifyLog } from "../../../../agent/src/log/chained-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maru-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function filled(lines: number, limits = { fileBytes: 1_000_000, files: 20 }): void {
  const log = new ChainedLog(folder, () => Date.parse("2026-01-01"), limits);
  for (let count = 0; count < lines; count++) {
    log.add("read", { id: `cmd_${count}`, path: "/api/v1/nodes" });
    log.flush();
  }
  log.close();
}

describe("the agent's log", () => {
  it("is whole after it was written, and goes on after a restart", () => {
    filled(5);
    filled(5);
    expect(verifyLog(folder)).toMatchObject({ check: { ok: true, head: { seq: 10 } }, lines: 10 });
  });

  it("carries the chain over into the next file, and forgets the oldest", () => {
    filled(60, { fileBytes: 2000, files: 3 });
    expect(readdirSync(folder).length).toBeLessThanOrEqual(4);
    const { check, lines } = verifyLog(folder);
    expect(check).toMatchObject({ ok: true, head: { seq: 60 } });
    expect(lines).toBeLessThan(60);
  });

  it.each([
    [
      "changed",
      (lines: string[]) => lines.map((line, at) => (at === 2 ? line.replace("nodes", "pods!") : line)),
      3,
      "changed",
    ],
    ["taken out", (lines: string[]) => lines.filter((_, at) => at !== 2), 3, "gap"],
    ["put in", (lines: string[]) => [...lines.slice(0, 2), lines[1] ?? "", ...lines.slice(2)], 3, "gap"],
    [
      "made unreadable",
      (lines: string[]) => lines.map((line, at) => (at === 2 ? line.slice(3) : line)),
      3,
      "unreadable",
    ],
  ] as const)("shows that a line was %s", (_, damage, seq, reason) => {
    filled(5);
    const [file = ""] = logFiles(folder);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    writeFileSync(file, `${damage(lines).join("\n")}\n`);
    expect(verifyLog(folder)).toMatchObject({ check: { ok: false, seq, reason }, file });
  });

  it("shows that a whole file was taken out", () => {
    filled(60, { fileBytes: 2000, files: 20 });
    const files = logFiles(folder);
    rmSync(files[1] ?? "");
    expect(verifyLog(folder).check).toMatchObject({ ok: false, reason: "gap" });
  });

  it("goes on after half a line that a crash left", () => {
    filled(3);
    appendFileSync(logFiles(folder).at(-1) ?? "", '{"at":"2026');
    filled(2);
    expect(verifyLog(folder)).toMatchObject({ check: { ok: true, head: { seq: 5 } }, lines: 5 });
  });

  it("tells no head that a crash could take back", () => {
    const log = new ChainedLog(folder, Date.now);
    log.add("read", { id: "x" });
    const head = log.head();
    expect(verifyLog(folder).check).toEqual({ ok: true, head });
    log.close();
  });
});
