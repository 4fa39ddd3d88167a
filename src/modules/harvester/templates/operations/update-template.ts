import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { textAt } from "../../kube/fields.rules.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { Description, doneOf, NamedField, ObjectName, ResourceVersion } from "../../words.ts";
import { templateKind, templatePath, versionPath } from "../paths.ts";
import { templateOf } from "../read-template.rules.ts";
import { MachineTemplate } from "../schemas.ts";

export const updateTemplate = defineOperation({
  action: "harvester.template.update",
  effect: "write",
  scope: "clusters:write",
  summary: "Say which version of a template is the default one, or change its description",
  input: z.strictObject({
    ...NamedField,
    resourceVersion: ResourceVersion.optional(),
    description: Description.optional(),
    /** The name of a version of this template. */
    defaultVersion: ObjectName.optional(),
  }),
  output: doneOf(MachineTemplate),
  raises: writeRaises,
  resource: (at) => entityOf(at, templateKind),
  async run(ctx, { resourceVersion, description, defaultVersion, ...at }) {
    const { namespace, name } = at;
    const kube = await openNamespace(ctx, at.id, namespace);
    const path = templatePath({ namespace, name });
    const before = templateOf(await kube.get(path));
    if (defaultVersion !== undefined) {
      const version = await kube.find(versionPath({ namespace, name: defaultVersion }));
      if (textAt(version, "spec", "templateId") !== `${namespace}/${name}`) {
        const message = `${defaultVersion} is no version of this template. GET …/template-versions lists them.`;
        throw problem("invalid_input", "harvester.version_of_another", message, {
          errors: [{ pointer: "/defaultVersion", code: "unknown", message }],
        });
      }
    }
    const edit = kube.patch(path, "merge", {
      ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }),
      spec: {
        ...(description === undefined ? {} : { description }),
        ...(defaultVersion === undefined ? {} : { defaultVersionId: `${namespace}/${defaultVersion}` }),
      },
    });
    const yours = { resourceVersion, description, defaultVersion };
    const done = await orChanged(edit, { kube, path, read: templateOf }, yours);
    return settle(ctx, entityOf(at, templateKind), done, templateOf, before);
  },
});
