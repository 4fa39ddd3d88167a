import { conditionOf, fieldAt, metaOf, textAt, textsAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Release, Upgrade } from "./schemas.ts";

export function readUpgrade(upgrade: KubeObject): Upgrade {
  const completed = conditionOf(upgrade, "Completed");
  const nodes = fieldAt(upgrade, "status", "nodeStatuses");
  return {
    namespace: upgrade.metadata.namespace ?? "",
    ...metaOf(upgrade),
    version: textAt(upgrade, "spec", "version"),
    previousVersion: textAt(upgrade, "status", "previousVersion"),
    state: completed?.status === "True" ? "complete" : completed?.status === "False" ? "failed" : "running",
    message: completed?.message ?? null,
    hosts: Object.entries(Object(nodes)).map(([host, status]) => ({
      host,
      state: textAt(status, "state"),
      message: textAt(status, "message"),
    })),
  };
}

export function readRelease(version: KubeObject): Release {
  return {
    namespace: version.metadata.namespace ?? "",
    ...metaOf(version),
    url: textAt(version, "spec", "isoURL"),
    checksum: textAt(version, "spec", "isoChecksum"),
    releasedOn: textAt(version, "spec", "releaseDate"),
    from: textAt(version, "spec", "minUpgradableVersion"),
    tags: textsAt(version, "spec", "tags"),
  };
}
