import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { templateKind, templatePath } from "../paths.ts";
import { templateOf } from "../read-template.rules.ts";

export const deleteTemplate = defineOperation({
  action: "harvester.template.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a template with all its versions",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, templateKind),
  async run(ctx, { id, ...at }) {
    const kube = await openNamespace(ctx, id, at.namespace);
    const before = templateOf(await kube.get(templatePath(at)));
    const done = await kube.remove(templatePath(at));
    return settleBare(ctx, entityOf({ id, ...at }, templateKind), done, { before });
  },
});
