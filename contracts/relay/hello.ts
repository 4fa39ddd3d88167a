import * as z from "zod";

const id = z.string().max(64);
const base64url = z.string().regex(/^[\w-]+$/);

/** A public Ed25519 key of the control plane, raw and base64url. Commands name it by `id`. */
export const CommandKey = z.strictObject({
  id,
  publicKey: base64url,
  validFrom: z.int(),
  validUntil: z.int().nullable(),
});
export type CommandKey = z.infer<typeof CommandKey>;

/** The relay's first word on a new socket: prove that you hold the agent's key. */
export const Challenge = z.strictObject({
  type: z.literal("challenge"),
  protocol: z.strictObject({ version: z.int(), oldest: z.int() }),
  tenantId: id,
  clusterId: id,
  nonce: base64url,
  at: z.int(),
});
export type Challenge = z.infer<typeof Challenge>;

/** How an agent describes what it can and may do, for people to read; the agent alone enforces it. */
export const AgentReport = z.strictObject({
  version: z.string().max(50),
  platform: z.string().max(100),
  hostname: z.string().max(253),
  readOnly: z.boolean(),
  drivers: z
    .array(z.strictObject({ name: z.string().max(80), reachable: z.boolean(), detail: z.string().max(500) }))
    .max(50),
  policySha256: z.string(),
  /** The head of the agent's hash-chained log. */
  log: z.strictObject({ seq: z.int().nonnegative(), hash: z.string() }),
});
export type AgentReport = z.infer<typeof AgentReport>;

/**
 * The agent's answer. `signature` is Ed25519 by the agent's key over the UTF-8 text
 * `maru-agent-hello\n{tenantId}\n{clusterId}\n{agentId}\n{nonce}\n{session}\n{protocol}`.
 */
export const Hello = z.strictObject({
  type: z.literal("hello"),
  protocol: z.int(),
  agentId: id,
  /** Chosen by the agent when it starts; the same after a cut. */
  session: z.string().regex(/^[0-9a-f]{32}$/),
  /** The epoch that the agent is in and the last frame that it got in it; 0 and 0 when it is new. */
  epoch: z.int().nonnegative(),
  got: z.int().nonnegative(),
  report: AgentReport,
  signature: base64url,
});
export type Hello = z.infer<typeof Hello>;

/** The text that an agent signs to prove its key. */
export function helloText(
  challenge: Challenge,
  hello: Pick<Hello, "agentId" | "session" | "protocol">,
): string {
  return [
    "maru-agent-hello",
    challenge.tenantId,
    challenge.clusterId,
    hello.agentId,
    challenge.nonce,
    hello.session,
    hello.protocol,
  ].join("\n");
}

/** The link stands. `resumed`: both replay what the other has not got; else both begin `epoch` at one. */
export const Welcome = z.strictObject({
  type: z.literal("welcome"),
  epoch: z.int().positive(),
  resumed: z.boolean(),
  got: z.int().nonnegative(),
  /** In a new epoch: the WebSocket streams that go on in it; all others are over. */
  streams: z.array(z.int()).default([]),
  role: z.enum(["active", "standby"]),
  /** All that are valid. One that the agent doesn't trust yet is told of in a `keys` message, signed by one it does. */
  keys: z.array(CommandKey).min(1),
  /** When the agent should have made itself a new key, milliseconds since the epoch. */
  rotateBy: z.int().nullable(),
});
export type Welcome = z.infer<typeof Welcome>;

/** The link is refused; the socket is closed after it. `retry`: whether trying again later can help. */
export const Refusal = z.strictObject({
  type: z.literal("refusal"),
  code: z.enum(["incompatible", "unauthenticated", "revoked", "removed", "malformed"]),
  detail: z.string(),
  retry: z.boolean(),
});
export type Refusal = z.infer<typeof Refusal>;

/** The relay moves work to or from this agent. */
export const RoleChange = z.strictObject({ type: z.literal("role"), role: z.enum(["active", "standby"]) });

/** New keys of the control plane; `signature` by a key that the agent trusts already over the UTF-8 JSON of `keys`. */
export const KeysChange = z.strictObject({
  type: z.literal("keys"),
  keys: z.array(CommandKey).min(1),
  signedBy: id,
  signature: base64url,
});

/** The agent's report as it changes. */
export const ReportChange = z.strictObject({ type: z.literal("report"), report: AgentReport });

/** The agent's new key, proved by the old one: signature over `maru-agent-rotate\n{agentId}\n{publicKey}`, and by the new one over the same. */
export const KeyRotation = z.strictObject({
  type: z.literal("rotate"),
  publicKey: base64url,
  signature: base64url,
  newSignature: base64url,
});
export const KeyRotated = z.strictObject({ type: z.literal("rotated"), publicKey: base64url });

/** What became of commands whose answers were lost with a link. */
export const OutcomeQuestion = z.strictObject({
  type: z.literal("outcomes?"),
  ids: z.array(z.string()).max(100),
});
export const OutcomeAnswer = z.strictObject({
  type: z.literal("outcomes"),
  outcomes: z.array(
    z.strictObject({ id: z.string(), ran: z.enum(["no", "yes", "unknown"]), status: z.int().nullable() }),
  ),
});

/** Text messages of the relay and of the agent (JSON). Everything else on the socket is a binary frame or a ping. */
export const RelayMessage = z.discriminatedUnion("type", [
  Challenge,
  Welcome,
  Refusal,
  RoleChange,
  KeysChange,
  KeyRotated,
  OutcomeQuestion,
]);
export const AgentMessage = z.discriminatedUnion("type", [Hello, ReportChange, KeyRotation, OutcomeAnswer]);
export type AgentMessage = z.infer<typeof AgentMessage>;

/** `POST /agent/v1/enroll`: the one-time token makes this key the cluster's agent. */
export const EnrolmentRequest = z.strictObject({
  token: z.string().max(200),
  name: z.string().trim().min(1).max(100),
  /** Raw Ed25519 public key, base64url, and its signature over `maru-agent-enroll\n{token}\n{publicKey}`. */
  publicKey: base64url,
  signature: base64url,
  protocol: z.int(),
  report: AgentReport.pick({ version: true, platform: true, hostname: true }),
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const Enrolment = z.strictObject({
  tenantId: id,
  clusterId: id,
  agentId: id,
  /** Where the agent dials: `wss://…/agent/v1/connect?…`. */
  connectUrl: z.string(),
  keys: z.array(CommandKey).min(1),
});
export type Enrolment = z.infer<typeof Enrolment>;
