import type * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import type { Done, Kube } from "../kube/kube.ts";
import { writeRaises } from "../raises.ts";
import { openNamespace } from "../reach.ts";
import { entityOf, settleBare } from "../settle.ts";
import { Accepted, NamedRef, QueueForMs } from "../words.ts";
import { type FoundMachine, type MachineAt, machineKind, mustTake } from "./find-machine.ts";
import type { MachineVerb } from "./schemas.ts";

/** What an order to a machine is told: which one, and for safe ones how long it may wait for an agent. */
type OrderInput = MachineAt & { readonly queueForMs?: number | undefined };

export interface Order {
  readonly action: string;
  readonly verb: MachineVerb;
  readonly summary: string;
  /** Repeating it does no harm: it may wait in the queue for an agent. */
  readonly safe: boolean;
  /** `found` is absent when no agent is connected and the order goes into the queue. */
  send(
    kube: Kube,
    at: MachineAt,
    found: FoundMachine | undefined,
    options: { readonly queueForMs?: number | undefined },
  ): Promise<Done<unknown>>;
}

const SafeRef = NamedRef.extend({ queueForMs: QueueForMs });

/** An operation that gives a machine an order without further words: refused early when its state does not allow it. */
export function defineOrder({ action, verb, summary, safe, send }: Order) {
  const input = (safe ? SafeRef : NamedRef) as unknown as z.ZodType<OrderInput>;
  return defineOperation({
    action,
    effect: "write",
    scope: "clusters:write",
    summary,
    input,
    output: Accepted,
    raises: writeRaises,
    resource: (at: OrderInput) => entityOf(at, machineKind),
    async run(ctx, { queueForMs, ...at }) {
      const kube = await openNamespace(ctx, at.id, at.namespace);
      const found = await mustTake(kube, at, verb, queueForMs !== undefined);
      const done = await send(kube, at, found, { queueForMs });
      const before = found && { state: found.state.printed, runStrategy: found.state.runStrategy };
      return settleBare(ctx, entityOf(at, machineKind), done, { before });
    },
  });
}
