import type { Kind, KubeObject } from "../words.ts";
import type { Cause } from "./status-error.ts";

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LONGEST = { label: 63, subdomain: 253 };
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with the names and labels of an object. */
export function nameViolations(kind: Kind, object: KubeObject): Cause[] {
  const { name, labels = {} } = object.metadata;
  const found =
    kind.group === "rbac.authorization.k8s.io" ? segmentViolations(name) : dnsViolations(kind, name);
  for (const value of Object.values(labels)) {
    if (typeof value !== "string" || !LABEL_VALUE.test(value) || value.length > 63) {
      found.push(wrong("metadata.labels", value, LABEL_VALUE_RULE));
    }
  }
  return found;
}

function wrong(field: string, value: unknown, why: string): Cause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

function missing(): Cause {
  return {
    reason: "FieldValueRequired",
    message: "Required value: name or generateName is required",
    field: "metadata.name",
  };
}

function dnsViolations(kind: Kind, name: string): Cause[] {
  if (!name) return [missing()];
  const isLabel = kind.group === "" && (kind.plural === "namespaces" || kind.plural === "services");
  const pattern = new RegExp(`^${isLabel ? LABEL : SUBDOMAIN}$`);
  const longest = isLabel ? LONGEST.label : LONGEST.subdomain;
  if (typeof name === "string" && pattern.test(name) && name.length <= longest) return [];
  const rule = isLabel ? LABEL_RULE : SUBDOMAIN_RULE;
  return [
    wrong("metadata.name", name, name.length > longest ? `must be no more than ${longest} characters` : rule),
  ];
}

/** Roles have names as `system:node`: anything that is one segment of a path. */
function segmentViolations(name: string): Cause[] {
  if (!name) return [missing()];
  if (name === "." || name === "..") return [wrong("metadata.name", name, `may not be '${name}'`)];
  return /[/%]/.test(name) ? [wrong("metadata.name", name, "may not contain '/' or '%'")] : [];
}
