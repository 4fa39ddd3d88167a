import { describe, expect, it } from "vitest";
import { PutPolicy } from "../../../../src/modules/policy/schemas.ts";

describe("PutPolicy", () => {
  it("takes names of time zones and nothing that only offsets", () => {
    for (const timeZone of ["Asia/Seoul", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+9"]) {
      expect(PutPolicy.parse({ timeZone }).timeZone).toBe(timeZone);
    }
    for (const timeZone of ["+09:00", "Asia/Nowhere", "", "Seoul time", 9]) {
      expect(PutPolicy.safeParse({ timeZone }).success, String(timeZone)).toBe(false);
    }
  });

  it("fills in the defaults and refuses unknown fields, fractions of micros and negative limits", () => {
    expect(PutPolicy.parse({})).toMatchObject({
      timeZone: "UTC",
      maxConcurrentRuns: 10,
      allowedModels: null,
    });
    for (const fields of [
      { version: 1 },
      { dailyCostLimitMicros: 1.5 },
      { maxDailyRuns: -1 },
      { dailyCostLimitUsd: 1 },
    ]) {
      expect(PutPolicy.safeParse(fields).success, JSON.stringify(fields)).toBe(false);
    }
  });
});
