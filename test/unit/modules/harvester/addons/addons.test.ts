import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disableAddon } from "../../../../../src/modules/harvester/addons/operations/disable-addon.ts";
import { enableAddon } from "../../../../../src/modules/harvester/addons/operations/enable-addon.ts";
import { getAddon } from "../../../../../src/modules/harvester/addons/operations/get-addon.ts";
import { listAddons } from "../../../../../src/modules/harvester/addons/operations/list-addons.ts";
import { setAddonValues } from "../../../../../src/modules/harvester/addons/operations/set-addon-values.ts";
import { listReleases } from "../../../../../src/modules/harvester/releases/operations/list-releases.ts";
import { listUpgrades } from "../../../../../src/modules/harvester/releases/operations/list-upgrades.ts";
import {
  readRelease,
  readUpgrade,
} from "../../../../../src/modules/harvester/releases/read-releases.rules.ts";
import { listStorageClasses } from "../../../../../src/modules/harvester/storage-classes/operations/list-storage-classes.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const logging = { namespace: "cattle-logging-system", name: "rancher-logging" };

describe("add-ons of a cluster", () => {
  it("are switched on and off, followed as jobs", async () => {
    const { items } = await stage.call(listAddons, {});
    expect(items.find(({ name }) => name === "rancher-logging")).toMatchObject({
      enabled: false,
      state: "disabled",
    });
    const on = await stage.call(enableAddon, logging);
    expect(on).toMatchObject({ object: { enabled: true, state: "enabling" }, jobId: expect.any(String) });
    expect((await stage.refused(enableAddon, logging)).code).toBe("harvester.wrong_state");
    await stage.advance(60_000);
    expect((await stage.call(getAddon, logging)).state).toBe("deployed");
    const unsure = await stage.refused(disableAddon, { ...logging, confirm: "yes" });
    expect(unsure.errors).toMatchObject([{ pointer: "/confirm" }]);
    const off = await stage.call(disableAddon, { ...logging, confirm: logging.name });
    expect(off.object).toMatchObject({ enabled: false, state: "disabling" });
    await stage.advance(60_000);
    expect((await stage.call(getAddon, logging)).state).toBe("disabled");
  });

  it("take values, and show them without the secrets in them", async () => {
    const { resourceVersion } = await stage.call(getAddon, logging);
    const values = "fluentd:\n  replicas: 2\n  adminPassword: hunter2\n";
    await stage.call(setAddonValues, { ...logging, values, resourceVersion });
    const shown = await stage.call(getAddon, logging);
    expect(shown.values).toBe("fluentd:\n  replicas: 2\n  adminPassword: (hidden)\n");
    expect(JSON.stringify(stage.events)).not.toContain("hunter2");
    for (const wrong of [shown.values, "a: [", "- a"]) {
      const change = { ...logging, values: wrong, resourceVersion: shown.resourceVersion };
      expect(await stage.refused(setAddonValues, change)).toMatchObject({
        code: "harvester.values_invalid",
        errors: [{ pointer: "/values" }],
      });
    }
    const late = await stage.refused(setAddonValues, { ...logging, values: "a: 1", resourceVersion });
    expect(late).toMatchObject({ code: "harvester.changed", data: { yours: { resourceVersion } } });
  });
});

describe("what else a cluster has", () => {
  it("are storage classes, of which one is the default", async () => {
    const { items } = await stage.call(listStorageClasses, {});
    const standard = items.filter(({ isDefault }) => isDefault);
    expect(standard).toMatchObject([{ name: "harvester-longhorn", replicas: 3, expandable: true }]);
  });

  it("are upgrades and releases", async () => {
    expect((await stage.call(listUpgrades, {})).items).toEqual([]);
    expect((await stage.call(listReleases, {})).items).toEqual([]);
    const upgrade = {
      metadata: { name: "hvst-upgrade-1", namespace: "harvester-system" },
      spec: { version: "v1.8.0" },
      status: {
        previousVersion: "v1.7.1",
        nodeStatuses: { "harvester-01": { state: "Succeeded" } },
        conditions: [{ type: "Completed", status: "Unknown" }],
      },
    };
    expect(readUpgrade(upgrade)).toMatchObject({
      state: "running",
      version: "v1.8.0",
      hosts: [{ host: "harvester-01", state: "Succeeded", message: null }],
    });
    expect(readRelease({ metadata: { name: "v1.8.1" }, spec: { isoURL: "https://x/y.iso" } })).toMatchObject({
      name: "v1.8.1",
      url: "https://x/y.iso",
    });
  });

  it("is asked for as published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
