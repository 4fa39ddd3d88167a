import { describe, expect, it } from "vitest";
import { decodeCursor, decodeNumberCursor, encodeCursor, numberPlace } from "../../../src/kernel/page.ts";

describe("cursors", () => {
  it("give back the place and the number they were made of", () => {
    const place = { at: new Date("2026-01-01T00:00:00.123Z"), id: "ds_1" };
    expect(decodeCursor(encodeCursor(place))).toEqual(place);
    expect(decodeNumberCursor(encodeCursor(numberPlace("ds_1@2", 50)), "ds_1@2")).toBe(50);
    expect(decodeCursor(undefined)).toBeUndefined();
    expect(decodeNumberCursor(undefined, "ds_1@2")).toBeUndefined();
  });

  it("are refused when they belong to another list or are made up", () => {
    expect(() => decodeNumberCursor(encodeCursor(numberPlace("ds_1@2", 50)), "ds_1@3")).toThrow(
      "page.cursor",
    );
    for (const made of ["", "x", btoa("[1,1e300,1]"), btoa('[1,9007199254740991,"a"]'), btoa('[2,1,"a"]')]) {
      expect(() => decodeCursor(made), made).toThrow("page.cursor");
    }
  });
});
