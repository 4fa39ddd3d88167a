import type { Random } from "../../../kernel/random.ts";
import { cancel } from "./cancel.rules.ts";
import { claim } from "./claim.rules.ts";
import type { Command, SingleCommand } from "./commands.ts";
import { editDead, redrive } from "./dead.rules.ts";
import type { Decision } from "./decision.ts";
import { fail } from "./fail.rules.ts";
import type { JobStore } from "./job-store.ts";
import { pause, releaseSerial, resume } from "./pause.rules.ts";
import { issuePermits } from "./permits.rules.ts";
import type { ReplyOf, SingleReplies } from "./replies.ts";
import { complete, heartbeat, release } from "./report.rules.ts";
import { reviewQueues } from "./review.rules.ts";
import { setLimits } from "./set-limits.rules.ts";
import { submit } from "./submit.rules.ts";
import { forgetIdleFlows, runChores, tick } from "./sweep.rules.ts";
import { reportRateLimit, takeTokens } from "./tokens.rules.ts";
import { nextWakeAt } from "./wake.rules.ts";
import { Work } from "./work.ts";

type Kind = SingleCommand["type"];
type CommandOf<K extends Kind> = Extract<SingleCommand, { type: K }>;
type Handlers = { readonly [K in Kind]: (work: Work, command: CommandOf<K>) => SingleReplies[K] };

const handlers: Handlers = {
  submit,
  claim,
  heartbeat,
  complete,
  fail,
  release,
  take_tokens: takeTokens,
  report_rate_limit: reportRateLimit,
  cancel,
  redrive,
  edit_dead: editDead,
  pause,
  resume,
  release_serial: releaseSerial,
  set_limits: setLimits,
  tick,
};

/**
 * One command in one transaction: reads and writes the store, and returns what to answer, publish and do afterwards.
 * Deterministic in its arguments: `now` is epoch milliseconds, `random` uniform in [0, 1). Refusals are replies; what
 * is thrown is a fault, and the caller must roll the transaction back.
 */
export function decide<C extends Command>(
  store: JobStore,
  command: C,
  now: number,
  random: Random,
): Decision<C> {
  const work = new Work(store, now, random);
  const reply = answer(work, command) as ReplyOf<C>;
  runChores(work);
  reviewQueues(work);
  forgetIdleFlows(work);
  issuePermits(work);
  work.finish();
  return { reply, events: work.events, effects: work.effects, wakeAt: nextWakeAt(store, work.hot, now) };
}

function answer(work: Work, command: Command): ReplyOf<Command> {
  if (command.type !== "batch") return run(work, command);
  return { ok: true, replies: command.commands.map((single) => run(work, single)) };
}

function run<K extends Kind>(work: Work, command: CommandOf<K> & { type: K }): SingleReplies[K] {
  const handler: Handlers[K] = handlers[command.type];
  const reply = handler(work, command);
  work.flushJobs();
  return reply;
}
