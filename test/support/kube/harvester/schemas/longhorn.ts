import {
  anything,
  bareObject,
  conditions,
  flag,
  list,
  mapOf,
  object,
  oneOf,
  open,
  type Schema,
  text,
  whole,
} from "./schema-words.ts";

export const volume: Schema = object(
  open({ size: text, numberOfReplicas: whole, dataEngine: oneOf("v1", "v2"), frontend: text, nodeID: text }),
  open({
    state: oneOf("creating", "attached", "detached", "attaching", "detaching", "deleting"),
    robustness: oneOf("unknown", "healthy", "degraded", "faulted"),
    actualSize: whole,
    currentNodeID: text,
    kubernetesStatus: anything,
    conditions: list(anything),
  }),
);

export const node: Schema = object(
  open({ name: text, allowScheduling: flag, evictionRequested: flag, disks: mapOf(anything) }),
  open({ conditions, diskStatus: mapOf(anything) }),
);

export const replica: Schema = object(
  open({ volumeName: text, nodeID: text, failedAt: text, healthyAt: text }),
  open({ currentState: text }),
);

export const engine: Schema = object(open({ volumeName: text, nodeID: text }), anything);

export const backingImage: Schema = object(open({ sourceType: text, sourceParameters: anything }));

export const setting: Schema = bareObject({ value: text, status: anything });

export const backupVolume: Schema = object(anything);
