import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { readLogOutput } from "../read-logging.rules.ts";

export const deleteLogOutput = defineOperation({
  action: "harvester.log_output.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a place that logs of a namespace could go to",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (asked) => entityOf(asked, "log-outputs"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = pathOf("logging", "outputs", { namespace: asked.namespace, name: asked.name });
    const before = readLogOutput(await kube.get(path));
    return settleBare(ctx, entityOf(asked, "log-outputs"), await kube.remove(path), { before });
  },
});
