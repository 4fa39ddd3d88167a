import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { versionKind, versionPath } from "../paths.ts";
import { versionOf } from "../read-template.rules.ts";

export const deleteTemplateVersion = defineOperation({
  action: "harvester.template_version.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a version of a template, unless it is the default one",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, versionKind),
  async run(ctx, { id, ...at }) {
    const kube = await openNamespace(ctx, id, at.namespace);
    const before = versionOf(await kube.get(versionPath(at)));
    const done = await kube.remove(versionPath(at));
    return settleBare(ctx, entityOf({ id, ...at }, versionKind), done, { before });
  },
});
