import { prunedBefore } from "./after-match.rules.ts";
import type { PatternEvent } from "./condition.ts";
import { finalStage } from "./drafts.ts";
import { dueAt, expiryOf, nextInstants, timersOf } from "./dues.rules.ts";
import { EventBuffer } from "./event-buffer.ts";
import { EventMoves } from "./event-moves.ts";
import { matchOf } from "./match-of.ts";
import {
  type HeldMatch,
  type PartialMatch,
  type PatternMatch,
  type PatternState,
  type PatternStep,
  type PatternTimeout,
  startOf,
  startsExplicitly,
} from "./pattern-state.ts";
import type { CompiledPattern, Due, Pass, Take } from "./stage.ts";

const never = Number.POSITIVE_INFINITY;
/** Instants handled one by one in one call; an absence that repeats beyond them is counted as dropped. */
const maxRounds = 1_000;

/** One call of `advance`: the state taken apart, changed in place, and put together again. */
export class PatternRun<E> {
  private readonly pattern: CompiledPattern<E>;
  private readonly before: PatternState;
  private readonly now: number;
  private readonly buffer: EventBuffer;
  private partials: PartialMatch[];
  private held: HeldMatch[];
  private completed: HeldMatch[] = [];
  private readonly matches: PatternMatch[] = [];
  private readonly timeouts: PatternTimeout[] = [];
  private dropped = 0;
  private changed = false;
  /** A match ended, so the buffer may hold what nobody needs. */
  private ended = false;

  constructor(pattern: CompiledPattern<E>, state: PatternState, now: number) {
    this.pattern = pattern;
    this.before = state;
    this.now = now;
    this.buffer = new EventBuffer(state);
    this.partials = [...state.partials];
    this.held = [...state.held];
  }

  /** Lets event time pass up to and including `at`, one instant after the other. */
  passTime(at: number): void {
    let due = Math.min(this.before.fireAt ?? never, this.before.lapseAt ?? never);
    for (let round = 0; due <= at; round += 1) {
      this.changed = true;
      this.ended = true;
      const partials = this.partials;
      this.partials = [];
      for (const partial of partials) this.reach(partial, due, round < maxRounds ? due : at);
      this.settle(due);
      const next = nextInstants(this.pattern, this.partials, this.held.length > 0);
      due = Math.min(next.fireAt ?? never, next.lapseAt ?? never);
    }
  }

  take(event: PatternEvent<E>): void {
    const { pattern } = this;
    const moves = new EventMoves(pattern, event.value, (node) => this.buffer.vars(node, pattern.leaves));
    const partials = this.partials;
    const begun: PartialMatch[] = [];
    this.partials = [];
    let seq = 0;
    const number = () => {
      if (seq === 0) seq = this.register(event);
      return seq;
    };

    for (const partial of partials) {
      const [stage, node] = partial;
      const { takes, passes } = moves.of(stage, node);
      const open = (move: Take | Pass) => move.timed === undefined || partial[6] === 0;
      const taken = takes.filter((take) => open(take) && inTime(take, partial, event.at));
      for (const take of taken) this.follow(take, partial, number(), event.at, begun);
      if (node === 0 && stage === pattern.start && !pattern.startsWithClock) {
        if (taken.length === 0) this.partials.push(partial);
        else this.changed = true;
        continue;
      }
      let stayed = false;
      const passed = passes.filter(open);
      for (const pass of passed) {
        if (pass.to === stage && pass.restart === undefined) {
          this.partials.push(partial);
          stayed = true;
        } else {
          const since = pass.restart === true ? event.at : partial[5];
          this.land(
            pass.to,
            [partial[1], partial[2], partial[3], partial[4]],
            since,
            event.at,
            0,
            this.partials,
          );
        }
      }
      if (!stayed || passed.length > 1 || taken.length > 0) this.changed = true;
      if (passed.length === 0) this.ended = true;
    }

    if (!startsExplicitly(pattern)) {
      const start = startOf(pattern, event.at);
      for (const take of moves.of(pattern.start, 0).takes)
        this.follow(take, start, number(), event.at, begun);
    }
    this.partials.push(...begun);
    const { startCondition } = pattern;
    if (startCondition !== undefined && pattern.every === "event" && !this.hasStart()) {
      if (moves.isTrue(startCondition)) this.open(event.at);
    }
    if (this.changed || begun.length > 0 || this.completed.length > 0) {
      this.changed = true;
      this.settle(event.at);
    }
  }

  finish(): PatternStep {
    if (!this.changed) {
      return {
        state: this.before,
        matches: [],
        timeouts: [],
        timers: timersOf(this.before),
        dropped: 0,
      };
    }
    this.drop();
    if (this.ended) {
      this.buffer.sweep([
        ...this.partials.map((partial) => partial[1]),
        ...this.held.map((match) => match[0]),
      ]);
    }
    const instants = nextInstants(this.pattern, this.partials, this.held.length > 0);
    return {
      state: { ...this.buffer.contents(), partials: this.partials, held: this.held, ...instants },
      matches: this.matches,
      timeouts: this.timeouts,
      timers: timersOf(instants),
      dropped: this.dropped,
    };
  }

  private register(event: PatternEvent<E>): number {
    const { id, source, at, value } = event;
    const data = this.pattern.project(value);
    return this.buffer.addEvent((seq) =>
      data === undefined ? [seq, source, id, at] : [seq, source, id, at, data],
    );
  }

  private follow(take: Take, from: PartialMatch, seq: number, at: number, begun: PartialMatch[]): void {
    let node = from[1];
    for (const leaf of take.leaves) node = this.buffer.addNode(leaf, seq, node);
    const begins = from[1] === 0;
    const first = begins ? seq : from[2];
    const firstAt = begins ? at : from[3];
    const since = take.keepSince === true ? from[5] : at;
    this.land(take.to, [node, first, firstAt, at], since, at, 0, begins ? begun : this.partials);
    for (const reopen of take.reopen ?? []) this.reopen(reopen, [node, first, firstAt, at], at);
  }

  /** Brings a partial match into a stage: it is complete there, or goes on, or both. */
  private land(
    stage: number,
    [node, first, firstAt, lastAt]: readonly [number, number, number, number],
    since: number,
    at: number,
    clocked: 0 | 1,
    into: PartialMatch[],
  ): void {
    const entry = this.pattern.stages[stage];
    if (entry === undefined) return;
    if (entry.accepts) this.completed.push([node, first, firstAt, at, clocked]);
    if (entry.live && stage !== finalStage) into.push([stage, node, first, firstAt, lastAt, since, 0]);
  }

  private reopen(index: number, from: readonly [number, number, number, number], at: number): void {
    const reopening = this.pattern.reopenings[index];
    if (reopening === undefined) return;
    const [node, first, firstAt] = from;
    const prior = this.buffer.before(node, reopening.leaves);
    if (prior === 0 && reopening.to === this.pattern.start && !startsExplicitly(this.pattern)) return;
    if (this.partials.some((partial) => partial[0] === reopening.to && partial[1] === prior)) return;
    const lastAt = this.buffer.timeOf(prior);
    this.partials.push(
      prior === 0 ? [reopening.to, 0, 0, 0, 0, at, 0] : [reopening.to, prior, first, firstAt, lastAt, at, 0],
    );
  }

  /** What an instant does to one partial match. `rearmAt` is where an absence that repeats counts from. */
  private reach(partial: PartialMatch, at: number, rearmAt: number): void {
    const expires = expiryOf(this.pattern, partial) <= at;
    const [stage, node, first, firstAt, lastAt, since] = partial;
    const dues = this.pattern.stages[stage]?.dues ?? [];
    const fired = dues.filter(
      (due) => dueAt(this.pattern, partial, due) <= at && (!expires || due.base !== "since"),
    );
    for (const due of fired) {
      this.land(
        due.to,
        [node, first, firstAt, lastAt],
        due.keepSince === true ? since : at,
        at,
        1,
        this.partials,
      );
      for (const reopen of due.reopen ?? []) this.repeat(reopen, due, partial, at, rearmAt);
    }
    if (expires) {
      if (this.pattern.timeouts && fired.length === 0) {
        const vars = this.buffer.refs(node, this.pattern.leaves);
        this.timeouts.push({ vars, startAt: firstAt, endAt: at, detectedAt: this.now });
      }
      return;
    }
    if (fired.length === 0) this.partials.push(partial);
    else if (fired.some((due) => due.beside === true)) {
      this.partials.push([stage, node, first, firstAt, lastAt, since, 1]);
    }
  }

  private repeat(reopen: number, due: Due, partial: PartialMatch, at: number, rearmAt: number): void {
    const [, node, first, firstAt, lastAt] = partial;
    const skipped = due.base === "since" ? Math.floor((rearmAt - at) / due.ms) : 0;
    this.dropped += skipped;
    this.reopen(reopen, [node, first, firstAt, lastAt], at + skipped * due.ms);
  }

  private hasStart(): boolean {
    return this.partials.some((partial) => partial[0] === this.pattern.start && partial[1] === 0);
  }

  private open(at: number): void {
    this.partials.push(startOf(this.pattern, at));
    this.changed = true;
  }

  /** Reports what may be reported, then lets a new match begin where the pattern says so. */
  private settle(at: number): void {
    this.report();
    const { every, startsWithClock, startCondition } = this.pattern;
    const idle = this.partials.length === 0 && this.held.length === 0;
    if (every === "match" && idle) this.open(at);
    else if (every === "event" && startsWithClock && startCondition === undefined) {
      if (this.partials.every((partial) => partial[1] !== 0)) this.open(at);
    }
  }

  private report(): void {
    const { afterMatch, emit, maxPartialMatches } = this.pattern;
    const skips = afterMatch.strategy !== "noSkip";
    if (this.completed.length === 0 && this.held.length === 0) return;
    this.held = [...this.held, ...this.completed].sort((a, b) => a[1] - b[1]);
    this.completed = [];
    for (let match = this.held[0]; match !== undefined; match = this.held[0]) {
      if (skips && emit === "inOrder" && this.held.length <= maxPartialMatches && this.earlier(match)) break;
      this.held.shift();
      this.ended = true;
      const path = this.buffer.path(match[0]);
      const bound = prunedBefore(afterMatch, path, this.pattern.leaves);
      if (bound > 0) {
        this.partials = this.partials.filter((partial) => partial[1] === 0 || partial[2] >= bound);
        this.held = this.held.filter((other) => other[0] === 0 || other[1] >= bound);
      }
      this.matches.push(matchOf(this.buffer, match, this.pattern.leaves, this.now));
    }
  }

  /** Whether a match under way began before this one and may still come first. */
  private earlier(match: HeldMatch): boolean {
    return match[0] !== 0 && this.partials.some((partial) => partial[1] !== 0 && partial[2] < match[1]);
  }

  private drop(): void {
    const excess = this.partials.length - this.pattern.maxPartialMatches;
    if (excess <= 0) return;
    let left = excess;
    this.ended = true;
    this.partials = this.partials.filter((partial) => {
      const isStart = partial[1] === 0 && partial[0] === this.pattern.start;
      if (left === 0 || isStart) return true;
      left -= 1;
      return false;
    });
    this.dropped += excess - left;
    if (this.held.length > 0) this.report();
  }
}

function inTime(take: Take, partial: PartialMatch, at: number): boolean {
  return take.withinMs === undefined || partial[1] === 0 || at - partial[4] < take.withinMs;
}
