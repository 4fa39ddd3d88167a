/** An object of the API, of any kind. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** A kind that the server serves. `group` is "" for the core group. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly namespaced: boolean;
  /** Kinds of Kubernetes itself: they take strategic merge patches; custom ones answer 415. */
  readonly builtIn: boolean;
  readonly subresources?: readonly ("status" | "scale")[];
  /** Verbs served, for discovery; absent means all. */
  readonly verbs?: readonly string[];
  /** A structural OpenAPI v3 schema of the whole object: unknown fields are pruned, defaults filled, violations 422. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** What `kubectl get` prints between name and age. */
  readonly columns?: readonly Column[];
}

/** A printer column; `path` is dotted from the top of the object: `status.phase`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date" | "boolean";
  readonly path: string;
}

/** A refusal as the API says it. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, never>;
  readonly status: "Failure";
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly details?: Readonly<Record<string, unknown>>;
}
