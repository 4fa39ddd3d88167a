import {
  anything,
  bareObject,
  between,
  byDefault,
  conditions,
  list,
  object,
  oneOf,
  record,
  type Schema,
  text,
  textMap,
  texts,
  whole,
} from "./schema-words.ts";
import { carriedMachine } from "./virtual-machines.ts";

export const image: Schema = object(
  record(
    {
      backend: byDefault(oneOf("backingimage", "cdi"), "backingimage"),
      description: text,
      displayName: text,
      sourceType: oneOf("download", "upload", "export-from-volume", "restore", "clone"),
      pvcName: text,
      pvcNamespace: text,
      url: text,
      checksum: text,
      storageClassParameters: textMap,
      retry: byDefault(between(0, 10), 3),
      securityParameters: record(
        { cryptoOperation: oneOf("encrypt", "decrypt"), sourceImageName: text, sourceImageNamespace: text },
        "cryptoOperation",
        "sourceImageName",
        "sourceImageNamespace",
      ),
      targetStorageClassName: text,
    },
    "displayName",
    "sourceType",
  ),
  record({
    appliedUrl: text,
    progress: whole,
    size: whole,
    virtualSize: whole,
    storageClassName: text,
    backupTarget: anything,
    failed: byDefault(between(0), 0),
    lastFailedTime: text,
    targetStorageClassName: text,
    conditions,
  }),
);

export const imageDownloader: Schema = object(
  record({ imageName: text, compressType: byDefault(oneOf("qcow2"), "qcow2") }, "imageName"),
  record({ conditions, status: byDefault(oneOf("Progressing", "Ready"), "Progressing"), downloadUrl: text }),
);

export const template: Schema = bareObject({
  spec: record({ defaultVersionId: text, description: text }),
  status: record({ defaultVersion: whole, latestVersion: whole }),
});

export const templateVersion: Schema = object(
  record(
    { templateId: text, description: text, imageId: text, keyPairIds: texts, vm: carriedMachine },
    "templateId",
  ),
  record({ version: whole, conditions }),
);

export const keyPair: Schema = object(
  record({ publicKey: text }, "publicKey"),
  record({ fingerPrint: text, conditions }),
);

export const preference: Schema = bareObject({ value: text }, "value");

export const volumeRemoteBackup: Schema = object(
  record({ type: byDefault(oneOf("lh"), "lh"), source: text }, "type", "source"),
);

export const volumeRemoteRestore: Schema = object(
  record({ type: byDefault(oneOf("lh"), "lh"), from: text }, "type", "from"),
);

export const upgradeLog: Schema = object(
  record({ upgradeName: text }),
  record({ archives: { type: "object", additionalProperties: anything }, conditions: list(anything) }),
);
