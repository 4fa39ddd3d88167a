import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, Description, NamedField, ObjectName } from "../../words.ts";
import { machineKind, mustTake } from "../find-machine.ts";

export const templateMachine = defineOperation({
  action: "harvester.vm.create_template",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a template of a virtual machine, with what is on its volumes or without",
  input: z.strictObject({
    ...NamedField,
    template: ObjectName,
    description: Description.default(""),
    withData: z.boolean().default(false),
  }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { template, description, withData, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    await mustTake(kube, at, "createTemplate");
    const done = await kube.ask(
      "POST",
      stevePath("kubevirt.io.virtualmachines", at.namespace, at.name),
      { name: template, description, withData },
      { query: { action: "createTemplate" }, pointers: { name: "/template" } },
    );
    const after = { template: `${at.namespace}/${template}`, withData };
    return settleBare(ctx, entityOf(at, machineKind), done, { after });
  },
});
