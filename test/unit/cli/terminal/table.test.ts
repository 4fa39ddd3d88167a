import { describe, expect, it } from "vitest";
import { cut, displayWidth, pad, plain } from "../../../../cli/src/terminal/display-width.ts";
import { interval, money, percent, pValue, score, signed } from "../../../../cli/src/terminal/numbers.ts";
import { record, table } from "../../../../cli/src/terminal/table.ts";

describe("the width of a text on a terminal", () => {
  it("counts two cells for Hangul, ideographs and fullwidth forms", () => {
    expect(displayWidth("한국어")).toBe(6);
    expect(displayWidth("漢字")).toBe(4);
    expect(displayWidth("ＡＢ")).toBe(4);
    expect(displayWidth("abc 가")).toBe(6);
  });

  it("counts nothing for marks that join another letter, and one syllable for decomposed Hangul", () => {
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("한".normalize("NFD"))).toBe(2);
    expect(displayWidth("👍🏽")).toBe(2);
    expect(displayWidth("👩‍👩‍👧")).toBe(2);
  });

  it("pads and cuts by cells, never in the middle of a letter", () => {
    expect(pad("가", 4)).toBe("가  ");
    expect(pad("가", 4, "right")).toBe("  가");
    expect(cut("가나다라", 5)).toBe("가나…");
    expect(displayWidth(cut("가나다라", 6))).toBeLessThanOrEqual(6);
    expect(cut("abc", 3)).toBe("abc");
  });

  it("takes the power over the terminal out of foreign text", () => {
    expect(plain("a\u001b[31mred\u0007\nb")).toBe("a [31mred b");
    expect(plain("evil\u202egnp.exe")).not.toContain("\u202e");
  });
});

describe("a table", () => {
  const rows = [
    { name: "정확도", value: 0.5 },
    { name: "chrf", value: 12.25 },
  ];
  const columns = [
    { title: "지표", canShrink: true, of: (row: (typeof rows)[number]) => row.name },
    { title: "Score", align: "right" as const, of: (row: (typeof rows)[number]) => row.value },
  ];

  it("aligns columns that hold Korean and Latin text", () => {
    const lines = table(columns, rows).split("\n");
    expect(lines).toEqual(["지표    Score", "──────  ─────", "정확도    0.5", "chrf    12.25"]);
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });

  it("gives way in its widest column when the screen is narrow", () => {
    const wide = [{ name: "가".repeat(40), value: 1 }];
    const lines = table(columns, wide, 30).split("\n");
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(30);
    expect(lines[2]).toContain("…");
    expect(lines[2]).toMatch(/ 1$/);
  });

  it("shows a dash for nothing, and names with their values", () => {
    expect(table([{ title: "A", of: () => null }], [{}])).toContain("–");
    expect(
      record([
        ["이름", "x"],
        ["Version", null],
      ]),
    ).toBe("이름     x\nVersion  –");
  });
});

describe("numbers", () => {
  it("never rounds a share to all or nothing", () => {
    expect([percent(1), percent(0.998), percent(0.5), percent(0.002), percent(0), percent(null)]).toEqual([
      "100 %",
      ">99 %",
      "50 %",
      "<1 %",
      "0 %",
      "–",
    ]);
  });

  it("shows scores, differences, intervals, p values and money", () => {
    expect([score(0.12345), score(null)]).toEqual(["0.123", "–"]);
    expect([signed(0.01), signed(-0.01)]).toEqual(["+0.010", "−0.010"]);
    expect(interval({ low: 0.1, high: 0.2 })).toBe("0.100 … 0.200");
    expect([pValue(0.0004), pValue(0.04)]).toEqual(["<0.001", "0.040"]);
    expect([money(0), money(5), money(9834), money(12_345_678)]).toEqual([
      "0.00",
      "0.000005",
      "0.0098",
      "12.35",
    ]);
  });
});
