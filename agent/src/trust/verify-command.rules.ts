import { Command, type StreamFailure } from "../../../contracts/relay/command.ts";
import type { CommandKey } from "../../../contracts/relay/hello.ts";
import { isValidAt, skewMs } from "./trusted-keys.rules.ts";

/** No command may live longer: nonces are kept until it ends. */
export const lifetimeMs = 15 * 60_000;

/** A command may seem this young: the way it took is not known. */
const earlyMs = 60_000;

/** What the agent knows when a command arrives. */
export interface Knowledge {
  readonly tenantId: string;
  readonly clusterId: string;
  readonly keys: readonly CommandKey[];
  /** This machine's clock. */
  readonly now: number;
  /** The control plane's clock less this machine's, as seen at the last greeting. */
  readonly offsetMs: number;
  /** Ed25519. */
  verify(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean;
  hasSeen(nonce: string): boolean;
}

export type Verified =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly code: StreamFailure["code"]; readonly detail: string };

/** Whether a command is the control plane's, for this cluster, in time and new. The signature comes first: nothing else of a forged one is read. */
export function verifyCommand(
  bytes: Uint8Array,
  head: unknown,
  signature: Uint8Array,
  know: Knowledge,
): Verified {
  const parsed = Command.safeParse(head);
  if (!parsed.success)
    return refuse("protocol", `The command can't be read: ${parsed.error.issues[0]?.message ?? ""}`);
  const command = parsed.data;
  const key = know.keys.find(({ id }) => id === command.keyId);
  if (key === undefined)
    return refuse("signature_invalid", `The agent doesn't trust the key "${command.keyId}".`);
  if (!know.verify(key.publicKey, bytes, signature)) {
    return refuse("signature_invalid", `The signature of ${command.id} is not the control plane's.`);
  }
  if (!isValidAt(key, command.issuedAt)) {
    return refuse("signature_invalid", `The key "${command.keyId}" does not stand at the command's time.`);
  }
  if (command.tenantId !== know.tenantId || command.clusterId !== know.clusterId) {
    return refuse("not_for_this_cluster", `The command is for ${command.tenantId}/${command.clusterId}.`);
  }
  return checkTime(command, know);
}

function checkTime(command: Command, know: Knowledge): Verified {
  const offset = Math.max(-skewMs, Math.min(skewMs, know.offsetMs));
  const now = know.now + offset;
  const hint =
    Math.abs(know.offsetMs) > skewMs
      ? ` The agent's clock is ${Math.round(know.offsetMs / 1000)} s away from the control plane's; set it right.`
      : "";
  if (command.expiresAt - command.issuedAt > lifetimeMs) {
    return refuse("expired", "The command claims to live longer than a command may.");
  }
  if (now > command.expiresAt) {
    return refuse("expired", `The command ended ${now - command.expiresAt} ms ago.${hint}`);
  }
  if (command.issuedAt > now + earlyMs) {
    return refuse("expired", `The command is from ${command.issuedAt - now} ms in the future.${hint}`);
  }
  if (know.hasSeen(command.nonce)) return refuse("replayed", `The command ${command.id} was here before.`);
  return { ok: true, command };
}

function refuse(code: StreamFailure["code"], detail: string): Verified {
  return { ok: false, code, detail };
}
