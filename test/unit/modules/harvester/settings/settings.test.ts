import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getSetting } from "../../../../../src/modules/harvester/settings/operations/get-setting.ts";
import { listSettings } from "../../../../../src/modules/harvester/settings/operations/list-settings.ts";
import { resetSetting } from "../../../../../src/modules/harvester/settings/operations/reset-setting.ts";
import { setSetting } from "../../../../../src/modules/harvester/settings/operations/set-setting.ts";
import { settingCatalogue } from "../../../../../src/modules/harvester/settings/setting-catalogue.rules.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { settingDefaults } from "../../../../support/kube/harvester/admission/setting-defaults.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

describe("settings of a cluster", () => {
  it("are known by name, and are by default what they may be", () => {
    expect(Object.keys(settingCatalogue).sort()).toEqual(Object.keys(settingDefaults).sort());
    for (const [name, value] of Object.entries(settingDefaults)) {
      const wrong = value === "" ? undefined : settingCatalogue[name]?.check?.(value);
      expect([name, wrong]).toEqual([name, undefined]);
    }
  });

  it("are listed with what a change does", async () => {
    const names: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await stage.call(listSettings, { limit: 20, ...(cursor === undefined ? {} : { cursor }) });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(names).toEqual(Object.keys(settingDefaults).sort());
    expect(await stage.call(getSetting, { name: "server-version" })).toMatchObject({ change: "fixed" });
    expect(await stage.call(getSetting, { name: "backup-target" })).toMatchObject({
      hidden: true,
      value: null,
    });
  });

  it("are set, and reset to what they are by default", async () => {
    const set = await stage.call(setSetting, { name: "log-level", value: "debug" });
    expect(set.object).toMatchObject({ value: "debug", customized: true });
    expect(stage.events.at(-1)).toMatchObject({
      entity: "cluster:cls_test/settings/log-level",
      before: { value: "info" },
      after: { object: { value: "debug" } },
    });
    const reset = await stage.call(resetSetting, { name: "log-level" });
    expect(reset.object).toMatchObject({ value: "info", customized: false });
  });

  it("that are risky need their name as a confirmation", async () => {
    const value = JSON.stringify({ cpu: 800, memory: 150, storage: 200 });
    const change = { name: "overcommit-config", value };
    expect(await stage.refused(setSetting, change)).toMatchObject({
      code: "harvester.not_confirmed",
      errors: [{ pointer: "/confirm" }],
    });
    const done = await stage.call(setSetting, { ...change, confirm: change.name });
    expect(done.object?.value).toBe(value);
    const stale = await stage.refused(setSetting, { ...change, confirm: change.name, resourceVersion: "1" });
    expect(stale).toMatchObject({ code: "harvester.changed", data: { current: { value } } });
  });

  it.each([
    ["log-level", "loud"],
    ["overcommit-config", '{"cpu":1000,"memory":50,"storage":100}'],
    ["overcommit-config", "{"],
    ["additional-guest-memory-overhead-ratio", "0.5"],
    ["max-hotplug-ratio", "21"],
    ["longhorn-v2-data-engine-memory-size", "2047"],
    ["ntp-servers", '{"ntpServers":["http://x"]}'],
    ["vip-pools", '{"default":"10.0.0.0"}'],
    ["storage-network", '{"vlan":4095,"clusterNetwork":"mgmt","range":"10.0.0.0/24"}'],
    ["vm-force-reset-policy", '{"enable":true,"period":0}'],
    ["release-download-url", "ftp://x"],
    ["support-bundle-timeout", "-1"],
  ])("refuse %s = %s before it travels", async (name, value) => {
    const before = stage.calls.length;
    expect(await stage.refused(setSetting, { name, value, confirm: name })).toMatchObject({
      code: "harvester.setting_invalid",
      errors: [{ pointer: "/value" }],
    });
    expect(stage.calls.length).toBe(before);
  });

  it("that hold credentials take them from a secret, and fixed ones take nothing", async () => {
    const certificates = { name: "ssl-certificates", value: "{}", confirm: "ssl-certificates" };
    expect((await stage.refused(setSetting, certificates)).errors).toMatchObject([
      { pointer: "/secretName" },
    ]);
    for (const name of ["server-version", "backup-target"])
      expect((await stage.refused(setSetting, { name, value: "x" })).code).toBe("harvester.setting_fixed");
  });

  it("are of those who reach the whole cluster, and asked for as published", async () => {
    const outsider = await stage.heldTo("default");
    expect((await stage.refused(listSettings, {}, outsider)).code).toBe("harvester.part_of_cluster");
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
