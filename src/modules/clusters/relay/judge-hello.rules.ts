import type { Refusal } from "../../../../contracts/relay/hello.ts";
import { closeCodes } from "../../../../contracts/relay/protocol.ts";

/** A refusal of an agent with the code that its socket is closed with. */
export interface RefusedHello {
  readonly refusal: Refusal;
  readonly closeCode: number;
}

const codes: Readonly<Record<Refusal["code"], number>> = {
  incompatible: closeCodes.incompatible,
  unauthenticated: closeCodes.unauthenticated,
  revoked: closeCodes.revoked,
  removed: closeCodes.removed,
  malformed: closeCodes.protocolError,
};

/** A refusal in words; nothing of them helps by waiting. */
export function refuseHello(code: Refusal["code"], detail: string): RefusedHello {
  return { refusal: { type: "refusal", code, detail, retry: false }, closeCode: codes[code] };
}

/** Whether both sides speak the same language; each is told what to do where they don't. */
export function judgeProtocol(
  spoken: unknown,
  known: { readonly version: number; readonly oldest: number },
): RefusedHello | undefined {
  if (typeof spoken !== "number" || !Number.isInteger(spoken))
    return refuseHello("malformed", "The first message must be a hello that names its protocol version.");
  if (spoken < known.oldest) {
    const detail = `This agent speaks protocol ${spoken}; the control plane understands ${known.oldest} to ${known.version}. Update the agent (maru-agent) and start it again.`;
    return refuseHello("incompatible", detail);
  }
  if (spoken > known.version) {
    const detail = `This agent speaks protocol ${spoken}; the control plane understands up to ${known.version}. Update Maru, or install an older maru-agent.`;
    return refuseHello("incompatible", detail);
  }
  return undefined;
}

/** Whether an agent's log is no continuation of what it was: shorter than before, or another at the same length. */
export function isLogBroken(
  before: { readonly seq: number; readonly hash: string } | undefined,
  now: { readonly seq: number; readonly hash: string },
): boolean {
  if (before === undefined) return false;
  return now.seq < before.seq || (now.seq === before.seq && now.hash !== before.hash);
}
