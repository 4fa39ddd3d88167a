import * as z from "zod";

/** What the agent reaches: the cluster's API, or a system that its operator named in the agent's own configuration. */
export const DriverName = z
  .string()
  .regex(/^(kubernetes|prometheus|(http|postgres|ldap):[a-z0-9][a-z0-9-]{0,62})$/);

/**
 * A command as the control plane signs it: the very bytes of this JSON (UTF-8), Ed25519, with the key `keyId`.
 * In a REQ or WS_OPEN frame: `u16 length | this JSON | 64 bytes of signature | body`.
 */
export const Command = z.strictObject({
  v: z.literal(1),
  /** `cmd_…`, unique for ever; what events and both logs name. */
  id: z.string().regex(/^cmd_[0-9a-z]{26}$/),
  keyId: z.string().max(64),
  tenantId: z.string().max(64),
  clusterId: z.string().max(64),
  /** `kind:id` of who asked, as events name them. */
  actor: z.string().max(200),
  /** The operation's action: `harvester.vm.start`. */
  operation: z.string().max(100),
  driver: DriverName,
  verb: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  /** Path and query, as they are to be sent. */
  path: z.string().startsWith("/").max(8192),
  /** Only those that the driver lets through. */
  headers: z.record(z.string(), z.string()),
  /** Hex SHA-256 of the body that follows; absent for none; `stream` when it follows in pieces and is not hashed. */
  bodySha256: z.union([z.string().regex(/^[0-9a-f]{64}$/), z.literal("stream")]).optional(),
  /**
   * Bytes of a hashed body. It begins in the frame of the command and goes on in REQ_DATA frames until it has so many;
   * no REQ_END follows it. A streamed body ends with REQ_END.
   */
  bodyBytes: z.int().positive().optional(),
  /** Milliseconds since the epoch. */
  issuedAt: z.int(),
  /** The agent refuses to begin after this. */
  expiresAt: z.int(),
  /** The caller waits no longer than this. */
  deadlineMs: z.int().positive(),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** A repeat with the same key gets the first result instead of running again. */
  idempotencyKey: z.string().max(200).optional(),
});
export type Command = z.infer<typeof Command>;

/** Bytes of an Ed25519 signature. */
export const signatureBytes = 64;

/** The head of an answer. `repeated`: the result of the first time. `redacted`: JSON pointers of what was taken out. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly repeated?: boolean;
}

/** Reads a head by hand: every answer comes this way. @throws RangeError when it is none */
export function readAnswerHead(raw: unknown): AnswerHead {
  const { status, headers, repeated } = (raw ?? {}) as Record<keyof AnswerHead, unknown>;
  const isStatus = typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599;
  if (!isStatus || !isRecordOfTexts(headers)) throw new RangeError("a head without status and headers");
  if (repeated !== undefined && typeof repeated !== "boolean") throw new RangeError("a head of another kind");
  return { status, headers, ...(repeated === undefined ? {} : { repeated }) };
}

function isRecordOfTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === "string");
}

/** Why a stream ended without an answer. `ran`: whether anything can have happened behind the agent. */
export const StreamFailure = z.strictObject({
  code: z.enum([
    "signature_invalid",
    "expired",
    "replayed",
    "not_for_this_cluster",
    "policy_refused",
    "read_only",
    "driver_unknown",
    "body_mismatch",
    "upstream_unreachable",
    "certificate_untrusted",
    "upstream_timeout",
    "upstream_broken",
    "too_large",
    "overloaded",
    "cancelled",
    "protocol",
  ]),
  detail: z.string().max(2000),
  ran: z.enum(["no", "yes", "unknown"]),
});
export type StreamFailure = z.infer<typeof StreamFailure>;
