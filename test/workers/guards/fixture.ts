import type { Route } from "../../../src/http/route.ts";
import type { Answer } from "../support/tenant.ts";
import type { World } from "../support/world.ts";

/** A valid call of an operation. `params` are the fields of the path. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly file?: string;
  /** The media type of the file. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The credential that calls, when the admin's key won't do, and whose it is. */
  readonly as?: string;
  readonly actor?: string;
  /** Texts that no event may hold. */
  readonly secrets?: readonly string[];
}

/** A list with things in it: how to tell them apart, and how to put one more in. */
export interface OpenedList {
  readonly call: Call;
  readonly ids: readonly string[];
  insert?(): Promise<unknown>;
}

/** How to call one operation so that it succeeds, and what else the guards must know of it. */
export interface Fixture {
  /** Makes what the call needs; in a project when one is named. */
  prepare(world: World, projectId?: string): Promise<Call>;
  /** Fields of body or query that name things of the tenant, with the status that a foreign one gets. */
  readonly references?: Readonly<Record<string, number>>;
  /** The fields of the path name nothing that must exist: the call makes it. */
  readonly makesItsName?: true;
  /** The resource of the event, for operations that can't tell it from their input. */
  readonly resource?: (answer: Answer) => string;
  /** Events that the write leaves, when that isn't one. */
  readonly events?: number;
  /** What it touches can belong to a project: refused with this status to a key of another one. */
  readonly byProject?: 403 | 404;
  /** Fills the list and tells what must be seen, for operations that answer pages. */
  open?(world: World, projectId?: string): Promise<OpenedList>;
  readonly idOf?: (item: Record<string, unknown>) => string;
  /** A list whose content is the product's own. */
  readonly isFixedList?: true;
  /** A stream that only ends with its job, or an answer that repeats differently. */
  readonly repeat?: "not_settled";
}

export type Fixtures = Readonly<Record<string, Fixture>>;

/** The request line of a call. */
export function lineOf(route: Route, { params = {}, query = {} }: Call): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? "x"));
  const search = new URLSearchParams(query).toString();
  return `${route.method} ${path}${search === "" ? "" : `?${search}`}`;
}

/** The options of a call. */
export function optionsOf({ json, file, type, headers, as }: Call) {
  return {
    ...(json === undefined ? {} : { json }),
    ...(file === undefined ? {} : { file }),
    ...(type === undefined ? {} : { type }),
    ...(headers === undefined ? {} : { headers }),
    ...(as === undefined ? {} : { as }),
  };
}
