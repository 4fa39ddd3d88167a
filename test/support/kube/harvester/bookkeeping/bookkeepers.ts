import type { Controller } from "../../words.ts";
import { keyPairs } from "./key-pairs.ts";
import { clusterNetworks, vlanConfigs } from "./network-status.ts";
import { settings } from "./settings.ts";
import { snapshotUsage } from "./snapshot-usage.ts";
import { templateVersions } from "./template-versions.ts";

/** Controllers that only note what follows from an object: fingerprints, numbers, statuses. */
export const bookkeepers: readonly Controller[] = [
  keyPairs,
  templateVersions,
  clusterNetworks,
  vlanConfigs,
  settings,
  snapshotUsage,
];
