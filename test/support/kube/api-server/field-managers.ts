import type { Kind, KubeObject } from "../words.ts";

/** Who wrote a field. */
export interface ManagerOfFields {
  readonly name: string;
  readonly at: string;
}

export function trackFields(
  _kind: Kind,
  _object: KubeObject,
  _old: KubeObject | undefined,
  _manager: ManagerOfFields,
  _subresource?: string,
): void {}
