import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { templateKind, templatePath } from "../paths.ts";
import { templateOf } from "../read-template.rules.ts";
import { MachineTemplate } from "../schemas.ts";

export const getTemplate = defineOperation({
  action: "harvester.template.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read a template",
  input: NamedRef,
  output: MachineTemplate,
  raises: readRaises,
  resource: (at) => entityOf(at, templateKind),
  async run(ctx, { id, ...at }) {
    const kube = await openNamespace(ctx, id, at.namespace);
    return templateOf(await kube.get(templatePath(at)));
  },
});
