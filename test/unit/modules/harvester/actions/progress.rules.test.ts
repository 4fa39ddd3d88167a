import { describe, expect, it } from "vitest";
import {
  addonProgress,
  backupProgress,
  imageProgress,
  maintenanceProgress,
  migrationProgress,
  resizeProgress,
  restoreProgress,
  volumeSnapshotProgress,
} from "../../../../../src/modules/harvester/actions/progress.rules.ts";

const object = (fields: Record<string, unknown>, annotations: Record<string, string> = {}) => ({
  metadata: { name: "x", annotations },
  ...fields,
});
const condition = (type: string, status: string, more = {}) => ({ type, status, ...more });

describe("the progress of an action in a cluster", () => {
  it("follows an image from its first byte to imported", () => {
    expect(imageProgress(object({}))).toMatchObject({ state: "running", percent: 0 });
    expect(
      imageProgress(object({ status: { progress: 42, conditions: [condition("Imported", "Unknown")] } })),
    ).toMatchObject({ state: "running", percent: 42 });
    expect(
      imageProgress(object({ status: { progress: 100, conditions: [condition("Imported", "True")] } })),
    ).toMatchObject({ state: "done", percent: 100 });
  });

  it("fails with the cluster's own words once an image is given up, and not while it is retried", () => {
    const retrying = [
      condition("Imported", "False", { reason: "ImportFailed" }),
      condition("RetryLimitExceeded", "False"),
    ];
    expect(imageProgress(object({ status: { conditions: retrying } })).state).toBe("running");
    const givenUp = [
      condition("Imported", "False"),
      condition("RetryLimitExceeded", "True", { message: "404 Not Found" }),
    ];
    expect(imageProgress(object({ status: { conditions: givenUp } }))).toMatchObject({
      state: "failed",
      message: "404 Not Found",
    });
  });

  it("never shows a hundred percent before the end", () => {
    expect(imageProgress(object({ status: { progress: 100 } })).percent).toBe(99);
    expect(backupProgress(object({ status: { progress: 100, readyToUse: false } })).percent).toBe(99);
  });

  it("follows a migration by its phases", () => {
    const at = (phase: string, more = {}) => migrationProgress(object({ status: { phase, ...more } }));
    expect(at("Scheduling").percent).toBeLessThan(at("Running").percent);
    expect(at("Succeeded").state).toBe("done");
    expect(at("Failed", { migrationState: { failureReason: "client error" } })).toMatchObject({
      state: "failed",
      message: "client error",
    });
  });

  it("tells backups, restores and snapshots that failed from those that go on", () => {
    expect(backupProgress(object({ status: { error: { message: "no target" } } })).message).toBe("no target");
    expect(restoreProgress(object({ status: { complete: true } })).state).toBe("done");
    expect(restoreProgress(object({ status: { progress: 30 } }))).toMatchObject({
      state: "running",
      percent: 30,
    });
    expect(volumeSnapshotProgress(object({ status: { readyToUse: true } })).state).toBe("done");
    expect(volumeSnapshotProgress(object({}))).toMatchObject({ state: "running" });
  });

  it("sees a host that left its way into maintenance mode", () => {
    const asked = { "harvesterhci.io/drain-requested": "true" };
    expect(maintenanceProgress(object({}, asked)).state).toBe("running");
    expect(
      maintenanceProgress(object({}, { ...asked, "harvesterhci.io/maintain-status": "running" })).percent,
    ).toBe(50);
    expect(maintenanceProgress(object({}, { "harvesterhci.io/maintain-status": "completed" })).state).toBe(
      "done",
    );
    expect(maintenanceProgress(object({})).state).toBe("failed");
  });

  it("compares what a volume has with what was asked, and an add-on with its switch", () => {
    const claim = (asked: string, has: string) =>
      resizeProgress(
        object({
          spec: { resources: { requests: { storage: asked } } },
          status: { capacity: { storage: has } },
        }),
      );
    expect(claim("20Gi", "10Gi").state).toBe("running");
    expect(claim("20Gi", "20Gi").state).toBe("done");
    const addon = (enabled: boolean, status: string) =>
      addonProgress(object({ spec: { enabled }, status: { status } }));
    expect(addon(true, "AddonDeploying").state).toBe("running");
    expect(addon(true, "AddonDeploySuccessful").state).toBe("done");
    expect(addon(true, "AddonDeployFailed").state).toBe("failed");
    expect(addon(false, "AddonDisabled").state).toBe("done");
  });
});
