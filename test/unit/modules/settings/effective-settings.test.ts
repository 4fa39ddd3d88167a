import { describe, expect, it } from "vitest";
import {
  effectiveSettings,
  settingValues,
} from "../../../../src/modules/settings/effective-settings.rules.ts";

describe("the settings that hold", () => {
  it("are what the tenant published, else the operator's, else the default", () => {
    const key = "polling.concurrency" as const;
    const of = (published: object, operator: object) =>
      effectiveSettings(published as Record<string, unknown>, operator as Record<string, unknown>)[key];
    expect(of({}, {})).toEqual({ value: 10, from: "default" });
    expect(of({}, { [key]: 5 })).toEqual({ value: 5, from: "env" });
    expect(of({ [key]: 3 }, { [key]: 5 })).toEqual({ value: 3, from: "published" });
    expect(of({ [key]: 3 }, {})).toEqual({ value: 3, from: "published" });
  });

  it("pass over a value that is none of theirs", () => {
    expect(settingValues({ "polling.intervalMs": 5, "polling.enabled": "no" }, {})).toEqual({
      "polling.enabled": true,
      "polling.intervalMs": 10_000,
      "polling.concurrency": 10,
      "notifications.enabled": true,
      "scheduler.enabled": true,
      "engine.shards": 1,
    });
  });

  it("keep what is off off", () => {
    expect(
      effectiveSettings({ "polling.enabled": false }, { "polling.enabled": true })["polling.enabled"],
    ).toEqual({
      value: false,
      from: "published",
    });
  });
});
