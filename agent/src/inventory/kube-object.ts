/** An object of the cluster, read defensively: what is absent or of another type reads as undefined. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind?: string; readonly name?: string }[];
  };
  readonly [field: string]: unknown;
}

/** The value at a dotted path, or undefined. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split(".")) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

/** The text at a path, cut to a length; `""` when there is none. */
export function textAt(value: unknown, path: string, most = 300): string {
  const found = at(value, path);
  return typeof found === "string" ? found.slice(0, most) : "";
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

export function isTrueAt(value: unknown, path: string): boolean {
  return at(value, path) === true;
}

/** The condition of a type, as `status.conditions` has it. */
export function condition(object: unknown, type: string): unknown {
  return listAt(object, "status.conditions").find((one) => at(one, "type") === type);
}
