import type { Kind, KubeObject } from "../words.ts";
import { readPath } from "./json.ts";
import { badRequest, resourceName } from "./status-error.ts";

export type Selector = (object: KubeObject) => boolean;

/** Which objects a request means. */
export interface Selection {
  readonly labels: Selector;
  readonly fields: Selector;
  /** Whether anything is left out at all. */
  readonly selects: boolean;
}

/** Reads `labelSelector` and `fieldSelector`. @throws StatusError 400 */
export function selectionOf(kind: Kind, query: URLSearchParams): Selection {
  const labelText = query.get("labelSelector") ?? "";
  const fieldText = query.get("fieldSelector") ?? "";
  return {
    labels: labelSelector(labelText),
    fields: fieldSelector(kind, fieldText),
    selects: labelText.trim() !== "" || fieldText.trim() !== "",
  };
}

export function isSelected(selection: Selection, object: KubeObject): boolean {
  return selection.labels(object) && selection.fields(object);
}

const LABEL_KEY = /^([a-z0-9A-Z][-a-z0-9A-Z.]*\/)?[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/;

/** `a=b,c!=d,e in (f,g),h,!i`. */
export function labelSelector(text: string): Selector {
  const terms = splitOutside(text).map(labelTerm);
  return (object) => terms.every((term) => term(object.metadata.labels ?? {}));
}

/** Splits at commas that no parenthesis holds. */
function splitOutside(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

function labelTerm(term: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = SET.exec(term);
  const equality = EQUALITY.exec(term);
  const key = set?.[1] ?? equality?.[1] ?? term.replace(/^!/, "");
  if (!LABEL_KEY.test(key)) throw badRequest(`unable to parse requirement: found '${term}'`);
  if (set) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    const wanted = set[2] === "in";
    return (labels) => {
      const value = labels[key];
      return value === undefined ? !wanted : values.includes(value) === wanted;
    };
  }
  if (equality) {
    const wanted = equality[3] ?? "";
    return equality[2] === "!=" ? (labels) => labels[key] !== wanted : (labels) => labels[key] === wanted;
  }
  return term.startsWith("!") ? (labels) => !(key in labels) : (labels) => key in labels;
}

const EVERY_KIND = ["metadata.name", "metadata.namespace"];
const BY_RESOURCE: Readonly<Record<string, readonly string[]>> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "/nodes": ["spec.unschedulable"],
  "/namespaces": ["status.phase"],
  "/secrets": ["type"],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "batch/jobs": ["status.successful"],
};

/** `metadata.name=a,status.phase!=Running`: only fields that Kubernetes has an index for. */
export function fieldSelector(kind: Kind, text: string): Selector {
  const known = [...EVERY_KIND, ...(BY_RESOURCE[`${kind.group}/${kind.plural}`] ?? [])];
  const terms = splitOutside(text).map((term) => {
    const equality = EQUALITY.exec(term);
    const path = equality?.[1];
    if (!equality || !path) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    if (!known.includes(path)) {
      throw badRequest(
        `Unable to find "${kind.group}/${kind.version}, Resource=${resourceName(kind)}" that match label selector "", field selector "${text}": field label not supported: ${path}`,
      );
    }
    const wanted = equality[3] ?? "";
    const equal = equality[2] !== "!=";
    return (object: KubeObject) => (fieldText(object, path) === wanted) === equal;
  });
  return (object) => terms.every((term) => term(object));
}

function fieldText(object: KubeObject, path: string): string {
  if (path === "source") return String(readPath(object, "source.component") ?? "");
  if (path === "status.successful") return String(readPath(object, "status.succeeded") ?? 0);
  const value = readPath(object, path);
  return path === "spec.unschedulable" ? String(value === true) : String(value ?? "");
}
