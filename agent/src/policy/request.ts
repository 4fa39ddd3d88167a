/** What a call does to the cluster, in Kubernetes' words: the question that the policy answers. */
export interface ResourceRequest {
  readonly kind: "resource";
  /** get, list, watch, create, update, patch, delete or deletecollection. */
  readonly verb: string;
  /** `""` for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** Of a Kubernetes path, or the action or link of a Steve path; `""` for none. */
  readonly subresource: string;
  /** undefined: a cluster-wide object, or a namespaced kind across all namespaces. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** What follows a `proxy` subresource. */
  readonly rest: string;
}

/** A path that names no resource: `/version`, `/apis`, `/v1/harvester/ui-info`. */
export interface PlainRequest {
  readonly kind: "plain";
  readonly verb: string;
  readonly path: string;
}

export type PolicyRequest = ResourceRequest | PlainRequest;

/** A path that the agent can't read as a request to the cluster, with the reason for people. */
export class UnknownRequest extends Error {}
