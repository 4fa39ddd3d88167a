import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { flagAt } from "../kube/fields.rules.ts";
import { unlessOffline } from "../machines/find-machine.ts";
import { writeRaises } from "../raises.ts";
import { openWholeCluster } from "../reach.ts";
import { entityOf, settle } from "../settle.ts";
import { ClusterField, doneOf, ObjectName, QueueForMs } from "../words.ts";
import { hostKind, hostPath } from "./find-host.ts";
import { hostOf } from "./read-host.rules.ts";
import { Host } from "./schemas.ts";

/** An operation that keeps new machines off a host, or lets them on it again. */
export function defineCordon(cordoned: boolean, action: string, summary: string) {
  return defineOperation({
    action,
    effect: "write",
    scope: "clusters:admin",
    summary,
    input: z.strictObject({ ...ClusterField, name: ObjectName, queueForMs: QueueForMs }),
    output: doneOf(Host),
    raises: writeRaises,
    resource: (at) => entityOf(at, hostKind),
    async run(ctx, { id, name, queueForMs }) {
      const kube = await openWholeCluster(ctx, id);
      const path = hostPath(name);
      const read = kube.get(path);
      const node = queueForMs === undefined ? await read : await unlessOffline(read);
      if (node && (flagAt(node, "spec", "unschedulable") ?? false) === cordoned) {
        const said = cordoned ? "cordoned already" : "not cordoned";
        throw problem("conflict", "harvester.wrong_state", `The host ${name} is ${said}.`, {
          data: { state: hostOf(node).state },
        });
      }
      const patch = { spec: { unschedulable: cordoned ? true : null } };
      const done = await kube.patch(path, "merge", patch, { queueForMs });
      return settle(ctx, entityOf({ id, name }, hostKind), done, hostOf, node && hostOf(node));
    },
  });
}
