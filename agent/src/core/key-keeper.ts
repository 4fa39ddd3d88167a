import type * as z from "zod";
import type { CommandKey, KeyRotation, KeysChange } from "../../../contracts/relay/hello.ts";
import type { Logger } from "../log/logger.ts";
import { type AgentKey, newAgentKey, verifyEd25519 } from "../trust/ed25519.ts";
import { adoptKeys, mayVouchAt, narrowKeys, sameKeys } from "../trust/trusted-keys.rules.ts";
import type { Clock } from "./clock.ts";
import type { IdentityStore } from "./identity.ts";

/** The keys on both sides: those of the control plane that are trusted, and the agent's own with its successor. */
export class KeyKeeper {
  readonly #identity: IdentityStore;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #triesNext = false;

  constructor(identity: IdentityStore, logger: Logger, clock: Clock) {
    this.#clock = clock;
    this.#identity = identity;
    this.#logger = logger;
  }

  /** The key to sign a hello with. */
  get own(): AgentKey {
    return (this.#triesNext ? this.#identity.nextKey() : undefined) ?? this.#identity.key();
  }

  /** The old key was refused: whether there is a new one to try, which Maru may have taken without our hearing of it. */
  tryNext(): boolean {
    if (this.#triesNext || this.#identity.nextKey() === undefined) return false;
    this.#triesNext = true;
    return true;
  }

  /** The key that signed the hello was accepted. */
  accepted(): void {
    if (this.#triesNext) this.#identity.promote();
    this.#triesNext = false;
  }

  /** A greeting takes trust away, and gives none. */
  narrow(greeted: readonly CommandKey[]): void {
    const trusted = this.#identity.identity().keys;
    const kept = narrowKeys(trusted, greeted);
    if (!sameKeys(kept, trusted)) this.#identity.trust(kept);
    const strange = greeted.filter(({ id }) => kept.every((key) => key.id !== id)).map(({ id }) => id);
    if (strange.length > 0) this.#logger("info", "keys that are not vouched for yet", { keys: strange });
  }

  /** New keys, if a trusted one that stands has signed them. `raw` is the list as it came: its very text was signed. */
  change(raw: unknown, { keys, signedBy, signature }: z.infer<typeof KeysChange>): void {
    const trusted = this.#identity.identity().keys;
    const now = this.#clock.now();
    const by = trusted.find((key) => key.id === signedBy && mayVouchAt(key, now));
    const bytes = new TextEncoder().encode(JSON.stringify(raw));
    if (by === undefined || !verifyEd25519(by.publicKey, bytes, Buffer.from(signature, "base64url"))) {
      this.#logger("error", "change of keys refused", { signedBy });
      return;
    }
    const adopted = adoptKeys(trusted, keys);
    if (adopted.length === 0 || sameKeys(adopted, trusted)) return;
    this.#identity.trust(adopted);
    this.#logger("info", "keys changed", { keys: adopted.map(({ id }) => id) });
  }

  /** Makes the next own key and proves it by both. */
  rotate(): z.infer<typeof KeyRotation> {
    const old = this.#identity.key();
    const next = this.#identity.nextKey() ?? newAgentKey();
    this.#identity.offer(next);
    this.#logger("info", "own key is being renewed");
    const text = `maru-agent-rotate\n${this.#identity.identity().agentId}\n${next.publicKey}`;
    return {
      type: "rotate",
      publicKey: next.publicKey,
      signature: old.sign(text),
      newSignature: next.sign(text),
    };
  }

  /** Maru has taken the next own key. */
  rotated(publicKey: string): void {
    if (this.#identity.nextKey()?.publicKey !== publicKey) return;
    this.#identity.promote();
    this.#logger("info", "own key renewed");
  }
}
