import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { ClusterField, doneOf, LabelChanges, ObjectName, ResourceVersion } from "../../words.ts";
import { hostKind, hostPath } from "../find-host.ts";
import { foreignKeys } from "../host-keys.rules.ts";
import { hostDetailOf } from "../read-host.rules.ts";
import { HostDetail } from "../schemas.ts";

const AnnotationChanges = z
  .record(
    LabelChanges.keyType,
    z
      .string()
      .max(64 * 1024)
      .nullable(),
  )
  .refine((annotations) => Object.keys(annotations).length <= 64, "At most 64 annotations.");

export const updateHost = defineOperation({
  action: "harvester.host.update",
  effect: "write",
  scope: "clusters:admin",
  summary: "Set labels and annotations of a host; null takes one away",
  input: z.strictObject({
    ...ClusterField,
    name: ObjectName,
    resourceVersion: ResourceVersion.optional(),
    labels: LabelChanges.optional(),
    annotations: AnnotationChanges.optional(),
  }),
  output: doneOf(HostDetail),
  raises: writeRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name, resourceVersion, labels = {}, annotations = {} }) {
    const foreign = foreignKeys({ labels, annotations });
    if (foreign.length > 0) {
      const message = "Kubernetes and Harvester keep their own state there. Use the actions of the host.";
      throw problem("invalid_input", "harvester.key_of_the_system", message, {
        errors: foreign.map((pointer) => ({ pointer, code: "of_the_system", message })),
      });
    }
    const kube = await openWholeCluster(ctx, id);
    const path = hostPath(name);
    const read = (node: Parameters<typeof hostDetailOf>[0]) =>
      hostDetailOf(node, { storage: undefined, instances: [] });
    const before = read(await kube.get(path));
    const version = resourceVersion === undefined ? {} : { resourceVersion };
    const edit = kube.patch(path, "merge", { metadata: { ...version, labels, annotations } });
    const done = await orChanged(edit, { kube, path, read }, { resourceVersion, labels, annotations });
    return settle(ctx, entityOf({ id, name }, hostKind), done, read, before);
  },
});
