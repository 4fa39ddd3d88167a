import type { Column, Kind } from "../../words.ts";

interface Extras {
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly cluster?: boolean;
  readonly subresources?: readonly ("status" | "scale")[];
  readonly verbs?: readonly string[];
  readonly columns?: readonly Column[];
}

/** Makes the kinds of one group and version: `inGroup("kubevirt.io", "v1")("VirtualMachine", "virtualmachines", schema)`. */
export function inGroup(group: string, version: string) {
  return (
    kind: string,
    plural: string,
    schema: Readonly<Record<string, unknown>>,
    { singular, cluster, ...extras }: Extras = {},
  ): Kind => ({
    group,
    version,
    kind,
    plural,
    singular: singular ?? kind.toLowerCase(),
    namespaced: cluster !== true,
    builtIn: false,
    schema,
    ...extras,
  });
}

/** Columns from `NAME:dotted.path`, `NAME:dotted.path:type`. */
export function columns(...written: readonly string[]): readonly Column[] {
  return written.map((one) => {
    const [name = "", path = "", type = "string"] = one.split(":");
    return { name, path, type: type as Column["type"] };
  });
}
