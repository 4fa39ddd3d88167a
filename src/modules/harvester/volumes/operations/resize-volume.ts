import { defineOperation } from "../../../../kernel/operation.ts";
import type { KubeObject } from "../../kube/object.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustFindVolume, volumePath } from "../find-volume.ts";
import { noFacts, readVolume } from "../read-volume.rules.ts";
import { ResizeVolume, Volume } from "../schemas.ts";
import { mustGrow } from "../volume.rules.ts";

export const resizeVolume = defineOperation({
  action: "harvester.volume.resize",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a volume larger; volumes never shrink",
  input: ResizeVolume,
  output: doneOf(Volume),
  raises: writeRaises,
  resource: (at) => entityOf(at, "volumes"),
  async run(ctx, { resourceVersion, size, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const before = await mustFindVolume(kube, at);
    mustGrow(before, size);
    const path = volumePath(at);
    const change = { spec: { resources: { requests: { storage: size } } } };
    const edit = kube.patch(
      path,
      "merge",
      { ...change, ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }) },
      { pointers: { "spec.resources": "/size" } },
    );
    const { attachedTo, health } = before;
    const read = (claim: KubeObject) => ({ ...readVolume(claim, noFacts), attachedTo, health });
    const done = await orChanged(edit, { kube, path, read }, { resourceVersion, size });
    const target = {
      kind: "volume.resize",
      clusterId: at.id,
      namespace: at.namespace,
      name: at.name,
    } as const;
    return settleFollowed(ctx, entityOf(at, "volumes"), done, read, target, before);
  },
});
