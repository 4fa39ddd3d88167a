import type * as z from "zod";
import type { Operation } from "../kernel/operation.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An operation at an address. `path` has `{name}` where a field of the input stands. */
export interface Route {
  readonly operation: Operation;
  readonly method: Method;
  readonly path: string;
  readonly status: number;
  readonly params: readonly string[];
  /** Where the fields that are not in the path come from. */
  readonly rest: "query" | "body";
}

/** Puts an operation at an address: reads answer 200, writes with POST 201 unless told otherwise. */
export function route<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  method: Method,
  path: string,
  options: { status?: number; rest?: "query" | "body" } = {},
): Route {
  const rest =
    options.rest ?? (operation.takes || method === "GET" || method === "DELETE" ? "query" : "body");
  return {
    operation: operation as unknown as Operation,
    method,
    path,
    status: options.status ?? 200,
    params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""),
    rest,
  };
}

/** The router's own notation: `/v1/jobs/{id}:cancel` becomes `/v1/jobs/:id{[^/:]+:cancel}`. */
export function routerPath(path: string): string {
  return path
    .split("/")
    .map((segment) => {
      const match = /^\{(\w+)\}(:\w+)?$/.exec(segment);
      return match ? `:${match[1]}{[^/:]+${match[2] ?? ""}}` : segment;
    })
    .join("/");
}
