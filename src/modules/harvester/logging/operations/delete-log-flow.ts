import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { readLogFlow } from "../read-logging.rules.ts";

export const deleteLogFlow = defineOperation({
  action: "harvester.log_flow.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Send the logs of a flow nowhere any more",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (asked) => entityOf(asked, "log-flows"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = pathOf("logging", "flows", { namespace: asked.namespace, name: asked.name });
    const before = readLogFlow(await kube.get(path));
    return settleBare(ctx, entityOf(asked, "log-flows"), await kube.remove(path), { before });
  },
});
