import { acknowledge, comment, resolveByHand, unacknowledge } from "./alert-commands.rules.ts";
import type { HubCommand, HubReplies, HubReply } from "./commands.ts";
import { deleteEntry, putEntry } from "./entry-commands.rules.ts";
import type { HubDecision } from "./hub-decision.ts";
import { type HubParts, HubWork } from "./hub-work.ts";
import { claim, report } from "./outbox.rules.ts";
import { receiveSignals } from "./receive-signals.rules.ts";
import { setConfig } from "./set-config.rules.ts";
import { endSilence, putSilence } from "./silence-commands.rules.ts";
import { sweep } from "./sweep.rules.ts";

type Kind = HubCommand["type"];
type CommandOf<K extends Kind> = Extract<HubCommand, { type: K }>;
type Handlers = { readonly [K in Kind]: (work: HubWork, command: CommandOf<K>) => HubReplies[K] };

const handlers: Handlers = {
  signal: receiveSignals,
  tick: () => ({ ok: true }),
  set_config: setConfig,
  put_silence: putSilence,
  end_silence: endSilence,
  acknowledge,
  unacknowledge,
  resolve: resolveByHand,
  comment,
  put_entry: putEntry,
  delete_entry: deleteEntry,
  claim,
  report,
};

/**
 * One command in one transaction: reads and writes the store, and returns what to answer, publish and hand out.
 * Deterministic in its arguments; `now` is epoch milliseconds. Refusals are replies; what is thrown is a fault, and
 * the caller must roll the transaction back. Groups that are due are told with every command.
 */
export function decideAlerts<C extends HubCommand>(parts: HubParts, command: C, now: number): HubDecision<C> {
  const work = new HubWork(parts, now);
  const reply = run(work, command) as HubReply<C>;
  sweep(work);
  work.finish();
  const { effects, events } = work;
  return { reply, effects, events, wakeAt: parts.store.firstDue() };
}

function run<K extends Kind>(work: HubWork, command: CommandOf<K> & { type: K }): HubReplies[K] {
  const handler: Handlers[K] = handlers[command.type];
  return handler(work, command);
}
