import type { Kind } from "../words.ts";

/** Every kind that is served; the first version registered of a resource is the preferred and stored one. */
export class KindRegistry {
  readonly all: readonly Kind[];
  readonly #byResource = new Map<string, Kind[]>();

  constructor(kinds: readonly Kind[]) {
    this.all = kinds;
    for (const kind of kinds) {
      const key = resourceKey(kind);
      const versions = this.#byResource.get(key) ?? [];
      if (versions.some(({ version }) => version === kind.version)) {
        throw new Error(`${key} ${kind.version} is registered twice`);
      }
      this.#byResource.set(key, [...versions, kind]);
    }
  }

  /** @throws Error for a resource that nobody registered: a mistake of the caller, not of a client. */
  kindOf(group: string, plural: string): Kind {
    const kind = this.#byResource.get(`${group}/${plural}`)?.[0];
    if (!kind) throw new Error(`No kind is registered for ${plural} of the group "${group}".`);
    return kind;
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#byResource.get(`${group}/${plural}`)?.find((kind) => kind.version === version);
  }

  /** One kind for each resource, in its stored version. */
  stored(): Kind[] {
    return [...this.#byResource.values()].flatMap((versions) => versions.slice(0, 1));
  }
}

/** The same for all versions of a resource. */
export function resourceKey(kind: Kind): string {
  return `${kind.group}/${kind.plural}`;
}

export function apiVersionOf(kind: Kind): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}
