import { describe, expect, it } from "vitest";
import { paintOf, wantsColour } from "../../../../cli/src/terminal/paint.ts";
import { progressBar, progressLine } from "../../../../cli/src/terminal/progress-bar.ts";

const at = (done: number, failed = 0) => ({ total: 40, done, failed, skipped: 0 });

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe("a progress bar", () => {
  it("fills with what has ended, failures included", () => {
    expect(progressLine(at(0), "")).toBe(`${"░".repeat(30)} 0/40`);
    expect(progressLine(at(38, 2), "done")).toBe(`${"█".repeat(30)} 40/40 (2 ✗) done`);
    expect(progressLine({ total: 0, done: 0, failed: 0, skipped: 0 }, "")).toContain("0/0");
  });

  it("writes a line for each tenth where nobody watches, and no control codes", () => {
    const log = screen(false);
    const bar = progressBar(log, () => 0);
    for (let done = 0; done <= 40; done++) bar.show(at(done), "running");
    bar.clear();
    expect(log.written).toHaveLength(11);
    expect(log.written.join("")).not.toContain("\u001b");
  });

  it("repaints one line on a terminal, not for every event, but always the last", () => {
    const terminal = screen(true);
    const bar = progressBar(terminal, () => 0);
    for (let done = 0; done <= 40; done++) bar.show(at(done), "running");
    expect(terminal.written.length).toBeLessThan(5);
    expect(terminal.written.at(-1)).toContain("40/40");
    bar.clear();
    expect(terminal.written.at(-1)).toBe("\r\u001b[2K");
  });
});

describe("colours", () => {
  it("follow the terminal, NO_COLOR, FORCE_COLOR and --no-color", () => {
    expect(wantsColour({ isTTY: true }, {}, false)).toBe(true);
    expect(wantsColour({ isTTY: false }, {}, false)).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: "1" }, false)).toBe(false);
    expect(wantsColour({ isTTY: false }, { FORCE_COLOR: "1" }, false)).toBe(true);
    expect(wantsColour({ isTTY: true }, { FORCE_COLOR: "1" }, true)).toBe(false);
    expect(paintOf(false).red("x")).toBe("x");
    expect(paintOf(true).red("x")).toBe("\u001b[31mx\u001b[39m");
  });
});
