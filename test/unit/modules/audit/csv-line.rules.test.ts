import { describe, expect, it } from "vitest";
import { csvField, csvHeader, csvLine } from "../../../../src/modules/audit/csv-line.rules.ts";

describe("a CSV field", () => {
  it("is made harmless when a spreadsheet would run it", () => {
    for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "  =1", "＝1", "＠x"]) {
      expect(csvField(text).replace(/^"/, "")).toBe(`'${text}`);
    }
    expect(csvField("\r=1")).toBe(`"'\r=1"`);
  });

  it("is left alone when it is plain text, a number or nothing", () => {
    expect(csvField("a=b")).toBe("a=b");
    expect(csvField("가나다")).toBe("가나다");
    expect(csvField(-5)).toBe("-5");
    expect(csvField(null)).toBe("");
  });

  it("is quoted when it holds a quote, a comma or a line end", () => {
    expect(csvField('say "hi", you\n')).toBe('"say ""hi"", you\n"');
  });
});

it("writes an event under the header's columns", () => {
  const line = csvLine({
    id: "evt_1",
    at: "2026-01-01T00:00:00.000Z",
    actor: { kind: "user", id: "usr_1" },
    action: "a.b.c",
    resource: "thing:1",
    projectId: null,
    before: null,
    after: { n: 1 },
    address: null,
    requestId: "req_1",
    traceId: "t",
    digest: "d",
    seq: 3,
    chainHash: "h",
  });
  expect(csvHeader.trim().split(",")).toHaveLength(15);
  expect(line).toBe(
    '3,2026-01-01T00:00:00.000Z,user,usr_1,a.b.c,thing:1,,,"{""n"":1}",,req_1,t,evt_1,d,h\r\n',
  );
});
