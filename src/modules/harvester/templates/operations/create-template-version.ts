import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { type MachineDraft, machineDraftFields } from "../../machines/machine-draft.ts";
import { builtMachines, mustBePossible } from "../../machines/make-machine.ts";
import { draftFacts } from "../../machines/preflight-facts.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { templatePath, versionKind, versionPath } from "../paths.ts";
import { versionOf } from "../read-template.rules.ts";
import { TemplateVersion } from "../schemas.ts";

const { count: _, cloudInit: __, template: ___, ...fields } = machineDraftFields;

export const createTemplateVersion = defineOperation({
  action: "harvester.template_version.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Add a version to a template: what machines are made of; a version never changes",
  input: z.strictObject({ ...fields, base: machineDraftFields.template }),
  output: doneOf(TemplateVersion),
  raises: writeRaises,
  resource: ({ id, namespace }) => entityOf({ id, namespace }, versionKind),
  async run(ctx, { base, ...asked }) {
    const { id, namespace, name } = asked;
    const kube = await openNamespace(ctx, id, namespace);
    await kube.get(templatePath({ namespace, name }));
    const draft: MachineDraft = { ...asked, count: 1, ...(base === undefined ? {} : { template: base }) };
    const facts = { ...(await draftFacts(ctx, kube, draft, { room: false })), taken: [] };
    mustBePossible(draft, facts);
    const [built] = builtMachines(draft, { ...facts, publicKeys: [] }, () => "disk");
    if (built === undefined) throw problem("internal", "harvester.nothing_built", "Nothing was built.");
    const { metadata, spec } = built.machine;
    const image = draft.disks?.find(({ from }) => from.kind === "image")?.from;
    const done = await kube.create(
      versionPath({ namespace }),
      {
        apiVersion: "harvesterhci.io/v1beta1",
        kind: "VirtualMachineTemplateVersion",
        metadata: {
          namespace,
          generateName: `${name}-`,
          ...(draft.labels === undefined ? {} : { labels: draft.labels }),
        },
        spec: {
          templateId: `${namespace}/${name}`,
          description: draft.description ?? "",
          ...(image?.kind === "image" ? { imageId: image.image } : {}),
          keyPairIds: draft.sshKeys,
          vm: { metadata: withoutName(metadata as Record<string, unknown>), spec },
        },
      },
      { pointers: { "spec.templateId": "/name", "spec.imageId": "/disks", "spec.keyPairIds": "/sshKeys" } },
    );
    const made = done.object?.metadata.name;
    return settle(ctx, entityOf({ id, namespace }, versionKind, made), done, versionOf);
  },
});

function withoutName({ name: _, namespace: __, ...rest }: Record<string, unknown>) {
  return rest;
}
