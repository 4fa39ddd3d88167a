import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { outputOf } from "../logging.rules.ts";
import { readLogOutput } from "../read-logging.rules.ts";
import { CreateLogOutput, LogOutput } from "../schemas.ts";

export const createLogOutput = defineOperation({
  action: "harvester.log_output.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a place that logs of a namespace can go to; its keys stand in a Secret of the cluster",
  input: CreateLogOutput,
  output: doneOf(LogOutput),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "log-outputs"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const namespace = asked.namespace;
    const object = outputOf("Output", namespace, asked);
    const done = await kube.create(pathOf("logging", "outputs", { namespace }), object, {
      pointers: { spec: "/destination", metadata: "/name" },
    });
    return settle(ctx, entityOf(asked, "log-outputs"), done, readLogOutput);
  },
});
