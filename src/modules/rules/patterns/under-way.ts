import type { PatternEvent } from "./condition.ts";
import { finalStage } from "./drafts.ts";
import { EventBuffer } from "./event-buffer.ts";
import {
  type HeldMatch,
  type PartialMatch,
  type PatternState,
  startOf,
  startsExplicitly,
} from "./pattern-state.ts";
import type { CompiledPattern, Take } from "./stage.ts";

/** What a match has behind it, as in `PartialMatch`. */
export type Past = readonly [node: number, first: number, firstAt: number, lastAt: number];

/** The matches under way while one call of `advance` moves them, and those that became complete by it. */
export class UnderWay<E> {
  readonly buffer: EventBuffer;
  partials: PartialMatch[];
  completed: HeldMatch[] = [];
  private readonly pattern: CompiledPattern<E>;

  constructor(pattern: CompiledPattern<E>, state: PatternState) {
    this.pattern = pattern;
    this.buffer = new EventBuffer(state);
    this.partials = [...state.partials];
  }

  /** Keeps an event; its number. */
  register({ id, source, at, value }: PatternEvent<E>): number {
    const data = this.pattern.project(value);
    return this.buffer.addEvent((seq) =>
      data === undefined ? [seq, source, id, at] : [seq, source, id, at, data],
    );
  }

  /** Lets a match take the event `seq`; one that begins with it goes to `begun`. */
  follow(take: Take, from: PartialMatch, seq: number, at: number, begun: PartialMatch[]): void {
    let node = from[1];
    for (const leaf of take.leaves) node = this.buffer.addNode(leaf, seq, node);
    const begins = from[1] === 0;
    const past: Past = [node, begins ? seq : from[2], begins ? at : from[3], at];
    const since = take.keepSince === true ? from[5] : at;
    this.land(take.to, past, since, at, 0, begins ? begun : this.partials);
    for (const reopen of take.reopen ?? []) this.reopen(reopen, past, at);
  }

  /** Brings a match into a stage: it is complete there, or goes on, or both. */
  land(stage: number, past: Past, since: number, at: number, clocked: 0 | 1, into: PartialMatch[]): void {
    const entry = this.pattern.stages[stage];
    if (entry === undefined) return;
    const [node, first, firstAt, lastAt] = past;
    if (entry.accepts) this.completed.push([node, first, firstAt, at, clocked]);
    if (entry.live && stage !== finalStage) into.push([stage, node, first, firstAt, lastAt, since, 0]);
  }

  /** Opens a step that is complete once more, beside, with the past that was before it. */
  reopen(index: number, [node, first, firstAt]: Past, at: number): void {
    const reopening = this.pattern.reopenings[index];
    if (reopening === undefined) return;
    const { to, leaves } = reopening;
    const prior = this.buffer.before(node, leaves);
    if (prior === 0 && to === this.pattern.start && !startsExplicitly(this.pattern)) return;
    if (this.partials.some((partial) => partial[0] === to && partial[1] === prior)) return;
    const lastAt = this.buffer.timeOf(prior);
    this.partials.push(prior === 0 ? [to, 0, 0, 0, 0, at, 0] : [to, prior, first, firstAt, lastAt, at, 0]);
  }

  /** Whether a match that has taken nothing yet stands at the start. */
  hasStart(): boolean {
    return this.partials.some((partial) => partial[0] === this.pattern.start && partial[1] === 0);
  }

  open(at: number): void {
    this.partials.push(startOf(this.pattern, at));
  }
}
