import {
  anything,
  bareObject,
  between,
  byDefault,
  conditions,
  flag,
  mapOf,
  object,
  oneOf,
  record,
  type Schema,
  text,
  texts,
  whole,
  wholeMap,
} from "./schema-words.ts";

export const setting: Schema = bareObject({
  value: text,
  default: text,
  customized: flag,
  source: text,
  status: record({ conditions }),
});

export const addon: Schema = object(
  record(
    { repo: text, chart: text, version: text, enabled: flag, valuesContent: text },
    "repo",
    "chart",
    "version",
    "enabled",
    "valuesContent",
  ),
  record({
    status: oneOf(
      "",
      "AddonEnabling",
      "AddonDeploySuccessful",
      "AddonDisabling",
      "AddonDisabled",
      "AddonUpdating",
    ),
    conditions,
  }),
);

export const supportBundle: Schema = object(
  record(
    {
      issueURL: text,
      description: text,
      extraCollectionNamespaces: texts,
      timeout: between(0),
      expiration: between(0),
      nodeTimeout: between(0),
    },
    "description",
  ),
  record({ state: text, progress: whole, filename: text, filesize: whole, conditions }),
);

export const upgrade: Schema = object(
  record({ version: text, image: text, logEnabled: byDefault(flag, true), upgradeImage: text }),
  record({
    previousVersion: text,
    imageID: text,
    repoInfo: text,
    singleNode: text,
    nodeStatuses: mapOf(record({ state: text, reason: text, message: text })),
    conditions,
    upgradeLog: text,
  }),
);

export const version: Schema = object(
  record(
    { isoURL: text, isoChecksum: text, releaseDate: text, minUpgradableVersion: text, tags: texts },
    "isoURL",
  ),
);

export const snapshotQuota: Schema = bareObject({
  spec: record({
    snapshotLimit: record({
      namespaceTotalSnapshotSizeQuota: between(0),
      vmTotalSnapshotSizeQuota: wholeMap,
    }),
  }),
  status: record({
    snapshotLimitStatus: record({
      namespaceTotalSnapshotSizeUsage: whole,
      vmTotalSnapshotSizeUsage: wholeMap,
    }),
  }),
});

/** What the hardware is: a board of a host that can be powered from afar. */
export const inventory: Schema = object(
  anything,
  record({ status: text, powerAction: anything, conditions, ownerCluster: anything, hardwareID: text }),
);
