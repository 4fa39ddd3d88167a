import type { PatternEvent } from "./condition.ts";
import { duesUpTo, expiryOf, inTime, nextInstants, timersOf } from "./dues.rules.ts";
import { EventMoves } from "./event-moves.ts";
import { withoutExcess } from "./excess.rules.ts";
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
import { toldMatches } from "./told-matches.rules.ts";
import { UnderWay } from "./under-way.ts";

const never = Number.POSITIVE_INFINITY;
/** Instants handled one by one in one call; an absence that repeats beyond them is counted as dropped. */
const maxRounds = 1_000;

/** One call of `advance`: the state taken apart, changed in place, and put together again. */
export class PatternRun<E> {
  private readonly pattern: CompiledPattern<E>;
  private readonly before: PatternState;
  private readonly now: number;
  private readonly underWay: UnderWay<E>;
  private held: readonly HeldMatch[];
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
    this.underWay = new UnderWay(pattern, state);
    this.held = state.held;
  }

  /** Lets event time pass up to and including `at`, one instant after the other. */
  passTime(at: number): void {
    const { underWay } = this;
    let due = Math.min(this.before.fireAt ?? never, this.before.lapseAt ?? never);
    for (let round = 0; due <= at; round += 1) {
      this.changed = true;
      this.ended = true;
      const { partials } = underWay;
      underWay.partials = [];
      for (const partial of partials) this.reach(partial, due, round < maxRounds ? due : at);
      this.settle(due);
      const next = nextInstants(this.pattern, underWay.partials, this.held.length > 0);
      due = Math.min(next.fireAt ?? never, next.lapseAt ?? never);
    }
  }

  take(event: PatternEvent<E>): void {
    const { pattern, underWay } = this;
    const { leaves, start, startCondition } = pattern;
    const moves = new EventMoves(pattern, event.value, (node) => underWay.buffer.vars(node, leaves));
    const { partials } = underWay;
    const begun: PartialMatch[] = [];
    underWay.partials = [];
    let seq = 0;
    const follow = (take: Take, from: PartialMatch) => {
      if (seq === 0) seq = underWay.register(event);
      underWay.follow(take, from, seq, event.at, begun);
    };

    for (const partial of partials) this.offer(partial, event.at, moves, follow);
    if (!startsExplicitly(pattern)) {
      const fresh = startOf(pattern, event.at);
      for (const take of moves.of(start, 0).takes) follow(take, fresh);
    }
    underWay.partials.push(...begun);
    if (startCondition !== undefined && pattern.every === "event" && !underWay.hasStart()) {
      if (moves.isTrue(startCondition)) this.open(event.at);
    }
    if (this.changed || begun.length > 0 || underWay.completed.length > 0) {
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
    const { buffer, partials } = this.underWay;
    if (this.ended) {
      buffer.sweep([...partials.map((partial) => partial[1]), ...this.held.map((match) => match[0])]);
    }
    const instants = nextInstants(this.pattern, partials, this.held.length > 0);
    return {
      state: { ...buffer.contents(), partials, held: this.held, ...instants },
      matches: this.matches,
      timeouts: this.timeouts,
      timers: timersOf(instants),
      dropped: this.dropped,
    };
  }

  /** What an event does to one partial match. */
  private offer(
    partial: PartialMatch,
    at: number,
    moves: EventMoves<E>,
    follow: (take: Take, from: PartialMatch) => void,
  ): void {
    const [stage, node, , , , , fired] = partial;
    const { takes, passes } = moves.of(stage, node);
    const open = (move: Take | Pass) => move.timed === undefined || fired === 0;
    const taken = takes.filter((take) => open(take) && inTime(take, partial, at));
    for (const take of taken) follow(take, partial);
    if (node === 0 && stage === this.pattern.start && !this.pattern.startsWithClock) {
      if (taken.length === 0) this.underWay.partials.push(partial);
      else this.changed = true;
      return;
    }
    const passed = passes.filter(open);
    const stayed = this.pass(passed, partial, at);
    if (!stayed || passed.length > 1 || taken.length > 0) this.changed = true;
    if (passed.length === 0) this.ended = true;
  }

  /** Lets a partial match pass over an event; says whether it stays where it is. */
  private pass(passes: readonly Pass[], partial: PartialMatch, at: number): boolean {
    const [stage, node, first, firstAt, lastAt, entered] = partial;
    let stayed = false;
    for (const { to, restart } of passes) {
      if (to === stage && restart === undefined) {
        this.underWay.partials.push(partial);
        stayed = true;
      } else {
        const since = restart === true ? at : entered;
        this.underWay.land(to, [node, first, firstAt, lastAt], since, at, 0, this.underWay.partials);
      }
    }
    return stayed;
  }

  /** What an instant does to one partial match. `rearmAt` is where an absence that repeats counts from. */
  private reach(partial: PartialMatch, at: number, rearmAt: number): void {
    const { underWay } = this;
    const expires = expiryOf(this.pattern, partial) <= at;
    const [stage, node, first, firstAt, lastAt, since] = partial;
    const fired = duesUpTo(this.pattern, partial, at, expires);
    for (const due of fired) {
      const entered = due.keepSince === true ? since : at;
      underWay.land(due.to, [node, first, firstAt, lastAt], entered, at, 1, underWay.partials);
      for (const reopen of due.reopen ?? []) this.repeat(reopen, due, partial, at, rearmAt);
    }
    if (expires) {
      if (this.pattern.timeouts && fired.length === 0) {
        const vars = underWay.buffer.refs(node, this.pattern.leaves);
        this.timeouts.push({ vars, startAt: firstAt, endAt: at, detectedAt: this.now });
      }
      return;
    }
    if (fired.length === 0) underWay.partials.push(partial);
    else if (fired.some((due) => due.beside === true)) {
      underWay.partials.push([stage, node, first, firstAt, lastAt, since, 1]);
    }
  }

  private repeat(reopen: number, due: Due, partial: PartialMatch, at: number, rearmAt: number): void {
    const [, node, first, firstAt, lastAt] = partial;
    const skipped = due.base === "since" ? Math.floor((rearmAt - at) / due.ms) : 0;
    this.dropped += skipped;
    this.underWay.reopen(reopen, [node, first, firstAt, lastAt], at + skipped * due.ms);
  }

  private open(at: number): void {
    this.underWay.open(at);
    this.changed = true;
  }

  /** Reports what may be reported, then lets a new match begin where the pattern says so. */
  private settle(at: number): void {
    this.report();
    const { every, startsWithClock, startCondition } = this.pattern;
    const { partials } = this.underWay;
    if (every === "match" && partials.length === 0 && this.held.length === 0) this.open(at);
    else if (every === "event" && startsWithClock && startCondition === undefined) {
      if (partials.every((partial) => partial[1] !== 0)) this.open(at);
    }
  }

  private report(): void {
    const { underWay } = this;
    const { buffer } = underWay;
    const complete = [...this.held, ...underWay.completed];
    underWay.completed = [];
    if (complete.length === 0) return;
    const { told, held, partials } = toldMatches(this.pattern, complete, underWay.partials, (node) =>
      buffer.path(node),
    );
    this.held = held;
    if (told.length === 0) return;
    this.ended = true;
    underWay.partials = [...partials];
    for (const match of told) this.matches.push(matchOf(buffer, match, this.pattern.leaves, this.now));
  }

  private drop(): void {
    const { underWay } = this;
    const { maxPartialMatches, start } = this.pattern;
    const before = underWay.partials.length;
    if (before <= maxPartialMatches) return;
    underWay.partials = [...withoutExcess(underWay.partials, maxPartialMatches, start)];
    this.dropped += before - underWay.partials.length;
    this.ended = true;
    if (this.held.length > 0) this.report();
  }
}
