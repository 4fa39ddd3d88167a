import { describe, expect, it } from "vitest";
import type { Clock } from "../../../../agent/src/core/clock.ts";
import type { IdentityStore } from "../../../../agent/src/core/identity.ts";
import { KeyKeeper } from "../../../../agent/src/core/key-keeper.ts";
import { type AgentKey, newAgentKey } from "../../../../agent/src/trust/ed25519.ts";
import type { CommandKey } from "../../../../contracts/relay/hello.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const hour = 3_600_000;
const clock: Clock = { now: () => now, later: () => () => {}, random: () => 0 };
const own = newAgentKey();
const [ended, standing, fresh] = [newAgentKey(), newAgentKey(), newAgentKey()];

const named = (id: string, { publicKey }: AgentKey, validUntil: number | null = null): CommandKey => ({
  id,
  publicKey,
  validFrom: 0,
  validUntil,
});

function keeper() {
  let keys: readonly CommandKey[] = [named("ended", ended, now - hour), named("standing", standing)];
  const store: IdentityStore = {
    identity: () => ({
      tenantId: "acme",
      clusterId: "cl_1",
      agentId: "agt_1",
      connectUrl: "wss://maru.test",
      keys: [...keys],
    }),
    key: () => own,
    nextKey: () => undefined,
    offer: () => {},
    promote: () => {},
    trust: (next) => {
      keys = next;
    },
  };
  const kept = new KeyKeeper(store, () => {}, clock);
  const announce = (signedBy: string, by: AgentKey) => {
    const list = [named("standing", standing), named("fresh", fresh)];
    kept.change(list, { type: "keys", keys: list, signedBy, signature: by.sign(JSON.stringify(list)) });
    return keys.map(({ id }) => id);
  };
  return announce;
}

describe("new keys of the control plane", () => {
  it("are taken from a key that stands", () => {
    expect(keeper()("standing", standing)).toEqual(["standing", "fresh"]);
  });

  it("are refused from a key that has ended, one that was removed, and one under another's name", () => {
    const unchanged = ["ended", "standing"];
    expect(keeper()("ended", ended)).toEqual(unchanged);
    expect(keeper()("removed", fresh)).toEqual(unchanged);
    expect(keeper()("standing", ended)).toEqual(unchanged);
  });
});
