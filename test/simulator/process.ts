import type { Command } from "../../src/modules/jobs/engine/commands.ts";
import type { ReplyOf } from "../../src/modules/jobs/engine/replies.ts";

/** What a process waits for. Each wait is a point where it may be killed. */
export type Wait =
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "call"; readonly command: Command };

export type Process<T = void> = Generator<Wait, T, unknown>;

export function* sleep(ms: number): Process {
  yield { kind: "sleep", ms };
}

/** Calls the object; undefined when no answer came in time. */
export function* call<C extends Command>(command: C): Process<ReplyOf<C> | undefined> {
  return (yield { kind: "call", command }) as ReplyOf<C> | undefined;
}

/** Calls until an answer comes, a few times. */
export function* callAgain<C extends Command>(command: C, times: number): Process<ReplyOf<C> | undefined> {
  for (let i = 0; i < times; i++) {
    const reply = yield* call(command);
    if (reply !== undefined) return reply;
    yield* sleep(500);
  }
  return undefined;
}
