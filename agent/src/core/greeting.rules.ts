import type { Challenge, Refusal } from "../../../contracts/relay/hello.ts";
import { closeCodes } from "../../../contracts/relay/protocol.ts";

/** What a challenge leads to: a hello in a version that both speak, or the end. */
export type Reply =
  | { readonly kind: "hello"; readonly version: number }
  | { readonly kind: "incompatible" | "stranger"; readonly detail: string };

/** Decides whether agent and relay understand each other, and whether this is the relay of the agent's own cluster. */
export function replyTo(
  challenge: Challenge,
  own: {
    readonly tenantId: string;
    readonly clusterId: string;
    readonly protocol: { version: number; oldest: number };
  },
): Reply {
  if (challenge.tenantId !== own.tenantId || challenge.clusterId !== own.clusterId) {
    const detail = `The relay is that of ${challenge.tenantId}/${challenge.clusterId}, the agent belongs to ${own.tenantId}/${own.clusterId}.`;
    return { kind: "stranger", detail };
  }
  const { version, oldest } = challenge.protocol;
  if (version < own.protocol.oldest) {
    const detail = `Maru speaks version ${version} of the protocol, this agent needs ${own.protocol.oldest} or later. Bring Maru up to date, or install an older agent.`;
    return { kind: "incompatible", detail };
  }
  if (own.protocol.version < oldest) {
    const detail = `Maru needs version ${oldest} of the protocol or later, this agent speaks ${own.protocol.version}. Install a newer agent.`;
    return { kind: "incompatible", detail };
  }
  return { kind: "hello", version: Math.min(version, own.protocol.version) };
}

/** Why a link ended, and whether dialling again can help. */
export type LinkEnding =
  | { readonly kind: "lost"; readonly detail: string }
  | {
      readonly kind: "incompatible" | "revoked" | "removed" | "replaced" | "unauthenticated";
      readonly detail: string;
    };

/** What a refusal means. */
export function endingOfRefusal({ code, detail, retry }: Refusal): LinkEnding {
  if (code === "incompatible" || code === "revoked" || code === "removed") return { kind: code, detail };
  if (code === "unauthenticated") return { kind: "unauthenticated", detail };
  return { kind: "lost", detail: retry ? detail : `Maru refuses the link: ${detail}` };
}

const meanings: Readonly<Record<number, Exclude<LinkEnding["kind"], "lost">>> = {
  [closeCodes.revoked]: "revoked",
  [closeCodes.removed]: "removed",
  [closeCodes.incompatible]: "incompatible",
  [closeCodes.replaced]: "replaced",
  [closeCodes.unauthenticated]: "unauthenticated",
};

/** What the close of a socket means. */
export function endingOfClose(code: number, reason: string): LinkEnding {
  const kind = meanings[code];
  const detail = reason || `The connection closed with ${code}.`;
  return kind === undefined ? { kind: "lost", detail } : { kind, detail };
}
