import type { KubeObject, World } from "../../words.ts";
import { all, find, kindOf, mark, reference } from "../admission/look.ts";
import { ownedBy } from "../controllers/make.ts";
import { editIfChanged, reconciler } from "../controllers/reconciler.ts";
import { withConditions } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";

const OF_TEMPLATE = "template.harvesterhci.io/templateID";

/** The highest number that a version of the template has. */
function latestOf(world: World, template: KubeObject): number {
  const { namespace, name } = template.metadata;
  return all(world, "virtualmachinetemplateversions", namespace)
    .filter((one) => reference(textAt(one, "spec", "templateId") ?? "", "").name === name)
    .reduce((most, one) => Math.max(most, numberAt(one, "status", "version") ?? 0), 0);
}

function assign(world: World, version: KubeObject, template: KubeObject): number {
  const known = numberAt(version, "status", "version");
  if (known !== undefined) return known;
  const number = Math.max(latestOf(world, template), numberAt(template, "status", "latestVersion") ?? 0) + 1;
  const { namespace, name } = version.metadata;
  editIfChanged(
    world.store,
    kindOf(world, "virtualmachinetemplateversions"),
    { namespace, name },
    (stored) => {
      mark(stored, OF_TEMPLATE, template.metadata.name);
      stored.metadata.ownerReferences = [ownedBy(template)];
      const news = [
        { type: "assigned", status: "True" },
        { type: "ready", status: "True" },
      ] as const;
      const conditions = withConditions(itemsAt(stored, "status", "conditions"), news, world.clock.now());
      stored["status"] = { ...fieldsAt(stored, "status"), version: number, conditions };
    },
  );
  return number;
}

function noteOnTemplate(world: World, template: KubeObject, first: string): void {
  const { namespace, name } = template.metadata;
  editIfChanged(world.store, kindOf(world, "virtualmachinetemplates"), { namespace, name }, (stored) => {
    const chosen = textAt(stored, "spec", "defaultVersionId") ?? first;
    stored["spec"] = { ...fieldsAt(stored, "spec"), defaultVersionId: chosen };
    const version = find(world, "virtualmachinetemplateversions", namespace, reference(chosen, "").name);
    stored["status"] = {
      ...fieldsAt(stored, "status"),
      defaultVersion: numberAt(version, "status", "version") ?? 0,
      latestVersion: Math.max(latestOf(world, template), numberAt(stored, "status", "latestVersion") ?? 0),
    };
  });
}

/** Numbers the versions of a template; the first is the one it goes by. */
export const templateVersions = reconciler({
  name: "virtualmachinetemplateversions",
  watches: [
    { group: "harvesterhci.io", plural: "virtualmachinetemplateversions" },
    {
      group: "harvesterhci.io",
      plural: "virtualmachinetemplates",
      concerns: ({ object }, world) =>
        all(world, "virtualmachinetemplateversions", object.metadata.namespace)
          .filter(
            (one) => reference(textAt(one, "spec", "templateId") ?? "", "").name === object.metadata.name,
          )
          .map(({ metadata: { namespace, name } }) => ({ namespace, name })),
    },
  ],
  reconcile(world, { namespace, name }) {
    const version = find(world, "virtualmachinetemplateversions", namespace, name);
    if (version === undefined) return undefined;
    const home = reference(textAt(version, "spec", "templateId") ?? "", namespace ?? "");
    const template = find(world, "virtualmachinetemplates", home.namespace, home.name);
    if (template === undefined) return undefined;
    assign(world, version, template);
    noteOnTemplate(world, template, `${namespace}/${name}`);
    return undefined;
  },
});
