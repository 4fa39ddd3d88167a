import type { Admission, AdmissionRequest, Kind } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { isNamespace } from "./deletion.ts";
import { mustFitQuota } from "./quota.ts";
import { forbidden, notFound, refuse, resourceName } from "./status-error.ts";

type Step = (request: AdmissionRequest) => void;

/** What looks at a write of this kind, in order: the extensions' own, then Kubernetes' namespace and quota rules. */
export function admissionsOf(
  cluster: Cluster,
  kind: Kind,
): { readonly mutators: readonly Step[]; readonly validators: readonly Step[] } {
  const own = cluster.admissions.filter(
    ({ group, plural }: Admission) => group === kind.group && (plural === kind.plural || plural === "*"),
  );
  return {
    mutators: [mustHaveNamespace, ...own.flatMap((one) => (one.mutate ? [one.mutate.bind(one)] : []))],
    validators: [
      mayGo,
      ...own.flatMap((one) => (one.validate ? [one.validate.bind(one)] : [])),
      mustFitQuota,
    ],
  };
}

/** Before mutators, as Kubernetes' own plug-in of that purpose stands first. */
function mustHaveNamespace({ operation, kind, object, world }: AdmissionRequest): void {
  const { namespace } = object.metadata;
  if (operation !== "CREATE" || !kind.namespaced || namespace === undefined) return;
  const namespaces = world.store.kindOf("", "namespaces");
  const home = world.store.find(namespaces, undefined, namespace);
  if (!home) throw notFound(namespaces, namespace);
  if (home.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw refuse(403, "Forbidden", `${resourceName(kind)} "${object.metadata.name}" is forbidden: ${why}`, {
    name: object.metadata.name,
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}

const PERMANENT = ["default", "kube-system", "kube-public"];

function mayGo({ operation, kind, object }: AdmissionRequest): void {
  if (operation !== "DELETE" || !isNamespace(kind)) return;
  const { name } = object.metadata;
  if (PERMANENT.includes(name)) throw forbidden(kind, name, "this namespace may not be deleted");
}
