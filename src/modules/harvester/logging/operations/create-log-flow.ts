import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { flowOf } from "../logging.rules.ts";
import { readLogFlow } from "../read-logging.rules.ts";
import { CreateLogFlow, LogFlow } from "../schemas.ts";

export const createLogFlow = defineOperation({
  action: "harvester.log_flow.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Send logs of a namespace to outputs",
  input: CreateLogFlow,
  output: doneOf(LogFlow),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "log-flows"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const namespace = asked.namespace;
    const object = flowOf("Flow", namespace, asked);
    const done = await kube.create(pathOf("logging", "flows", { namespace }), object, {
      pointers: { "spec.match": "/match", "spec.globalOutputRefs": "/clusterOutputs", metadata: "/name" },
    });
    return settle(ctx, entityOf(asked, "log-flows"), done, readLogFlow);
  },
});
