import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { versionKind, versionPath } from "../paths.ts";
import { versionOf } from "../read-template.rules.ts";
import { TemplateVersion } from "../schemas.ts";

export const getTemplateVersion = defineOperation({
  action: "harvester.template_version.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read a version of a template",
  input: NamedRef,
  output: TemplateVersion,
  raises: readRaises,
  resource: (at) => entityOf(at, versionKind),
  async run(ctx, { id, ...at }) {
    const kube = await openNamespace(ctx, id, at.namespace);
    return versionOf(await kube.get(versionPath(at)));
  },
});
