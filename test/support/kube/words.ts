import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Kind, KubeObject } from "./object-words.ts";

export type { Column, Kind, KubeObject, ObjectMeta, OwnerReference, Status } from "./object-words.ts";

/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly kind: Kind;
  readonly subresource?: string;
  /** The object as it is to be; on DELETE the stored one. A mutator may change it in place. */
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly user: User;
  readonly query: URLSearchParams;
  readonly dryRun: boolean;
  readonly world: World;
}

/** A webhook of one kind: `mutate` runs first and edits in place; `validate` throws a StatusError to refuse. Writes of `status` pass it by. */
export interface Admission {
  readonly group: string;
  readonly plural: string;
  mutate?(request: AdmissionRequest): void;
  validate?(request: AdmissionRequest): void;
}

/** Time that tests move by hand and `harvester:sim` lets run. */
export interface SimClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once at a later instant; the result takes it back. */
  after(delayMs: number, run: () => void): () => void;
  /** Virtual clocks only: runs everything that falls due in between, in order of its instants. */
  advance(ms: number): Promise<void>;
}

export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

export interface DeleteOptions {
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** What handlers, admissions and controllers work on. Returned objects are copies; a write goes through the store. */
export interface Store {
  /** The revision of the last change. */
  revision(): number;
  kindOf(group: string, plural: string): Kind;
  find(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined;
  /** @throws StatusError 404 */
  get(kind: Kind, namespace: string | undefined, name: string): KubeObject;
  list(kind: Kind, namespace?: string): KubeObject[];
  /** Without admission and authorisation: what the system itself does. Fills metadata. */
  create(kind: Kind, object: Partial<KubeObject>): KubeObject;
  /** Replaces spec, status and metadata; a `resourceVersion` that is not the stored one is a 409. */
  update(kind: Kind, object: KubeObject): KubeObject;
  /** Edits what is stored now, without a race. @throws StatusError 404 */
  edit(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject;
  /** Respects finalizers and owner references, and leaves a pod its grace unless told otherwise. */
  delete(kind: Kind, namespace: string | undefined, name: string, options?: DeleteOptions): void;
  /** Called after each change, in order, before the answer of the call that made it; changes made by listeners follow in turn. */
  onChange(listener: (event: StoreEvent) => void): () => void;
}

/** The simulated cluster. */
export interface World {
  readonly store: Store;
  readonly clock: SimClock;
  /** The same number for the same seed and call. 0 <= x < 1. */
  random(): number;
  /** What containers print; `pods/{name}/log` serves it. */
  readonly logs: PodLogs;
  /** Bearer tokens: those of the options, and what a login issues. */
  readonly tokens: TokenBook;
}

export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** What containers print, kept in memory; `container` absent means the pod's first one. */
export interface PodLogs {
  append(namespace: string, pod: string, text: string, container?: string): void;
  lines(namespace: string, pod: string, container?: string): readonly LogLine[];
  /** Starts the lines of a container anew; what was there is the `previous` log. */
  rotate(namespace: string, pod: string, container?: string): void;
}

export interface TokenBook {
  /** A new token of the user, or the given one. */
  issue(user: User, token?: string): string;
  find(token: string): User | undefined;
  revoke(token: string): void;
}

export interface SimRequest {
  readonly method: string;
  readonly path: string;
  /** What `{name}` parts of the pattern matched, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly user: User;
  readonly world: World;
  /** The whole body; a handler of large uploads reads `incoming` instead. */
  body(): Promise<Uint8Array>;
  json(): Promise<unknown>;
  readonly incoming: IncomingMessage;
  /**
   * What the user is allowed by the roles.
   * @throws StatusError 403
   */
  mustBeAllowed(rule: AccessQuestion): void;
  /**
   * Asks the same API, inside, as the same user: authorisation, schemas, admission and extra routes apply, faults do not.
   * A dialect over the Kubernetes API is written with it. A refusal comes back as an answer, not as an error.
   */
  call(request: InnerCall): Promise<SimResponse>;
}

export interface InnerCall {
  readonly method: string;
  /** With the query: `/apis/kubevirt.io/v1/namespaces/default/virtualmachines?limit=5`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly contentType?: string;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface SimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON; an iterable is streamed. */
  readonly body?: unknown | Uint8Array | AsyncIterable<Uint8Array | string>;
}

/** Paths beside the generic ones: KubeVirt's subresources, Steve, services behind the proxy. `{name}` matches one segment, `{rest*}` all that remains. */
export interface ExtraRoute {
  readonly method: string;
  readonly pattern: string;
  /** Served without a token, as logins are; the user is `system:anonymous`. */
  readonly public?: boolean;
  handle(request: SimRequest): Promise<SimResponse> | SimResponse;
}

/** A WebSocket path: consoles and VNC. Called after authentication; `head` belongs to `ws`'s handleUpgrade. */
export interface SocketRoute {
  readonly pattern: string;
  accept(request: Omit<SimRequest, "body" | "json">, socket: Duplex, head: Buffer): void;
}

/** Something that reacts to changes as the cluster's own controllers do. */
export interface Controller {
  readonly name: string;
  /** After every `seed`: what is there already is listed, what comes is heard by `store.onChange`. */
  start(world: World): void;
}

/** A part of a cluster: what Harvester adds to Kubernetes. */
export interface Extension {
  readonly kinds?: readonly Kind[];
  readonly admissions?: readonly Admission[];
  readonly routes?: readonly ExtraRoute[];
  readonly sockets?: readonly SocketRoute[];
  readonly controllers?: readonly Controller[];
  /** Fills a new cluster. The namespaces default, kube-system, kube-public and kube-node-lease are there already. */
  seed?(world: World): void;
}

/** How the API misbehaves on demand; the first that matches and has `times` left applies. */
export interface Fault {
  readonly method?: string;
  /** Matches a part of the path. */
  readonly path?: string;
  /** Absent: until it is removed. */
  readonly times?: number;
  readonly does:
    | { readonly kind: "delay"; readonly delayMs: number }
    | {
        readonly kind: "answer";
        readonly status: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The connection ends before the request is carried out. */
    | { readonly kind: "cut_before" }
    /** The request is carried out; the connection ends after so many bytes of the body (0: before the head). */
    | { readonly kind: "cut_after_bytes"; readonly bytes: number }
    /** At once, and once: the connections of open watches end. */
    | { readonly kind: "drop_watches" }
    /** At once, and once: open watches get ERROR 410, and earlier revisions are forgotten. */
    | { readonly kind: "expire_watches" };
}

export interface SimulatorOptions {
  readonly extensions: readonly Extension[];
  /** Tokens and the users they stand for; others get 401. */
  readonly tokens: Readonly<Record<string, User>>;
  /** `virtual` for tests; a number lets time run, so many times as fast as the wall clock. */
  readonly clock: "virtual" | number;
  readonly seed?: number;
  readonly startAt?: string;
  /** Serves TLS with this certificate; absent: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly port?: number;
  /** How many changes a watch can go back; older is 410. */
  readonly historyLength?: number;
  /** How many events may wait for a watcher that does not read before it is closed. */
  readonly watchBacklog?: number;
  /** Wall-clock time between bookmarks. */
  readonly bookmarkEveryMs?: number;
}

export interface Simulator {
  readonly url: string;
  readonly world: World;
  inject(fault: Fault): () => void;
  stop(): Promise<void>;
}
