import * as z from "zod";

/** What every operation on a cluster is told: which one. */
export const ClusterField = { id: z.string().min(1).max(64) } as const;
export const ClusterRef = z.strictObject(ClusterField);

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** A DNS-1123 label: what namespaces and virtual machines are called. */
export const LabelName = z
  .string()
  .regex(label, "At most 63 of a-z, 0-9 and hyphen, with a letter or digit at both ends.");

/** A DNS-1123 subdomain: what most objects are called. */
export const ObjectName = z
  .string()
  .max(253)
  .regex(subdomain, "Labels of a-z, 0-9 and hyphen, joined by dots; 253 characters at most.");

export const NamespaceField = { ...ClusterField, namespace: LabelName } as const;
export const NamespaceRef = z.strictObject(NamespaceField);
export const NamedField = { ...NamespaceField, name: ObjectName } as const;
export const NamedRef = z.strictObject(NamedField);
/** An object of the whole cluster. */
export const ClusterNamedRef = z.strictObject({ ...ClusterField, name: ObjectName });

/** `namespace/name`, as Harvester refers to images, networks and keys. */
export const NamespacedName = z
  .string()
  .max(317)
  .regex(
    /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
    "A namespace, a slash and a name.",
  );

/** A Kubernetes quantity of bytes above zero: `20Gi`, `500M`, `1073741824`. */
export const ByteQuantity = z
  .string()
  .max(32)
  .regex(
    /^(?=.*[1-9])\d+(?:\.\d+)?(?:[kMGTPE]|[KMGTPE]i)?$/,
    "A number of bytes with a unit such as Mi, Gi or Ti.",
  );

/** A Kubernetes quantity of processors above zero: `4`, `500m`. */
export const CpuQuantity = z
  .string()
  .max(16)
  .regex(/^(?=.*[1-9])(?:\d+m|\d+(?:\.\d{1,3})?)$/, "A number of processors such as 4, 0.5 or 500m.");

const prefixedKey =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LabelKey = z.string().regex(prefixedKey, "A label's key: an optional prefix, a slash, 63 characters.");
const LabelValue = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    "At most 63 letters, digits, -, _ and dots.",
  );

/** Labels to be set on an object. */
export const Labels = z
  .record(LabelKey, LabelValue)
  .refine((labels) => Object.keys(labels).length <= 64, "At most 64 labels.");

/** Changes of labels: null takes one away. */
export const LabelChanges = z
  .record(LabelKey, LabelValue.nullable())
  .refine((labels) => Object.keys(labels).length <= 64, "At most 64 labels.");

/** What people write to remember an object by. */
export const Description = z.string().max(1000);

const requirement = "[a-zA-Z0-9._/-]+";
const values = "[A-Za-z0-9._-]*";
const oneSelector = `(?:!?${requirement}|${requirement}\\s*(?:=|==|!=)\\s*${values}|${requirement}\\s+(?:in|notin)\\s+\\(\\s*${values}(?:\\s*,\\s*${values})*\\s*\\))`;
/** A label selector: `app=web,tier!=db,env in (a,b)`. */
export const LabelSelector = z
  .string()
  .max(1000)
  .regex(new RegExp(`^${oneSelector}(?:\\s*,\\s*${oneSelector})*$`), "A label selector, such as os=ubuntu.");

const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
/** An IPv4 address. */
export const Ipv4 = z.string().regex(ipv4, "An IPv4 address, such as 10.0.0.1.");
/** An IPv4 network: `10.0.0.0/24`. */
export const Cidr = z
  .string()
  .regex(
    new RegExp(`^${octet}(?:\\.${octet}){3}/(?:[12]?\\d|3[0-2])$`),
    "An IPv4 network, such as 10.0.0.0/24.",
  );

/** A MAC address of a single station, in lower case. */
export const MacAddress = z
  .string()
  .regex(
    /^[0-9a-fA-F][02468aceACE](?::[0-9a-fA-F]{2}){5}$/,
    "A unicast MAC address, such as 52:54:00:12:34:56.",
  )
  .transform((text) => text.toLowerCase());

/** A tag of IEEE 802.1Q; 0 and 4095 are reserved. */
export const VlanId = z.int().min(1).max(4094);

/** A web address without credentials in it. */
export const HttpUrl = z
  .url({ protocol: /^https?$/, hostname: /.+/ })
  .max(2048)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && url.username === "" && url.password === "";
  }, "An address may not hold credentials.");

/** The version of the object that an edit was made on; a newer one refuses the edit with 409. */
export const ResourceVersion = z.string().min(1).max(64);

/** How long a safe write is kept when no agent is connected: 1 s to 24 h. Without it, it is refused then. */
export const QueueForMs = z.int().min(1000).max(86_400_000).optional();

/** The query of every list of a cluster: `limit` objects at most, after an opaque `cursor`. */
export const ListFields = {
  ...ClusterField,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(8000).optional(),
  labels: LabelSelector.optional(),
} as const;
/** The list of a kind of the whole cluster. */
export const ClusterList = z.strictObject(ListFields);
/** The list of a namespaced kind: of one namespace, or of all that the caller reaches. */
export const NamespacedList = z.strictObject({ ...ListFields, namespace: LabelName.optional() });

/**
 * What a write answers: the command that carried it, the object unless the command waits in the queue, and the job that
 * follows what takes long.
 */
export function doneOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    commandId: z.string(),
    queued: z.boolean(),
    object: item.nullable(),
    jobId: z.string().optional(),
  });
}
/** What a write without an object answers. */
export const Accepted = z
  .strictObject({ commandId: z.string(), queued: z.boolean() })
  .meta({ id: "ClusterCommandAccepted" });
