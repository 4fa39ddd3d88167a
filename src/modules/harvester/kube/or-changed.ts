import { AppError, problem } from "../../../kernel/problem.ts";
import type { Kube } from "./kube.ts";
import type { KubeObject } from "./object.ts";

/**
 * Waits for an edit that was made on a version of an object. When somebody else has changed it meanwhile, the problem
 * `harvester.changed` carries both: `data.yours`, what was asked on which version, and `data.current`, what is there.
 */
export async function orChanged<T>(
  edit: Promise<T>,
  object: { readonly kube: Kube; readonly path: string; read(object: KubeObject): unknown },
  yours: Readonly<Record<string, unknown>>,
): Promise<T> {
  try {
    return await edit;
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== "harvester.changed") throw error;
    const current = await object.kube.find(object.path);
    const { kind, code, detail, data } = error.failure;
    throw problem(kind, code, detail, {
      data: { ...data, yours, current: current === undefined ? null : object.read(current) },
      errors: [{ pointer: "/resourceVersion", code: "changed", message: "There is a newer version." }],
      cause: error,
    });
  }
}
