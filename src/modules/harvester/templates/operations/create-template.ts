import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { Description, doneOf, Labels, NamedField, QueueForMs } from "../../words.ts";
import { templateKind, templatePath } from "../paths.ts";
import { templateOf } from "../read-template.rules.ts";
import { MachineTemplate } from "../schemas.ts";

export const createTemplate = defineOperation({
  action: "harvester.template.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Create a template; its versions say what machines are made of",
  input: z.strictObject({
    ...NamedField,
    description: Description.default(""),
    labels: Labels.optional(),
    queueForMs: QueueForMs,
  }),
  output: doneOf(MachineTemplate),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, templateKind),
  async run(ctx, { id, namespace, name, description, labels, queueForMs }) {
    const kube = await openNamespace(ctx, id, namespace);
    const done = await kube.create(
      templatePath({ namespace }),
      {
        apiVersion: "harvesterhci.io/v1beta1",
        kind: "VirtualMachineTemplate",
        metadata: { namespace, name, ...(labels === undefined ? {} : { labels }) },
        spec: { description },
      },
      { pointers: { "spec.description": "/description", metadata: "/name" }, queueForMs },
    );
    return settle(ctx, entityOf({ id, namespace, name }, templateKind), done, templateOf);
  },
});
