import { isWord, PatternError, type PatternNode, parsePattern } from "./linear-pattern-syntax.ts";

type Instruction =
  | { readonly op: "one"; readonly test: (codePoint: number) => boolean }
  | { readonly op: "assert"; readonly at: "start" | "end" | "boundary" | "inside" }
  | { op: "split"; first: number; second: number }
  | { readonly op: "match" };

export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** A compiled pattern. Its work on a text is at most `size` × code points, whatever the pattern and the text. */
export interface LinearPattern {
  readonly size: number;
  /** True when the pattern matches anywhere in the text. */
  matches(text: string): boolean;
}

const maxSize = 4000;

/**
 * Compiles a pattern (the syntax of `parsePattern`) to run without back-tracking, so that no pattern of a user can
 * stall a worker. Throws `PatternError`. Source: Thompson 1968, Pike's simulation as Cox 2009 describes it.
 */
export function compilePattern(source: string, flags: PatternFlags): LinearPattern {
  const program: Instruction[] = [];
  emit(program, parsePattern(source, flags.dotAll), flags.ignoreCase);
  program.push({ op: "match" });
  return { size: program.length, matches: (text) => run(program, codePointsOf(text), flags.multiline) };
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function emit(program: Instruction[], node: PatternNode, ignoreCase: boolean): void {
  if (program.length > maxSize) throw new PatternError("the pattern is too large", 0);
  if (node.type === "one") program.push({ op: "one", test: ignoreCase ? foldingCase(node.test) : node.test });
  else if (node.type === "assert") program.push({ op: "assert", at: node.at });
  else if (node.type === "list") for (const item of node.items) emit(program, item, ignoreCase);
  else if (node.type === "either") emitEither(program, node.items, ignoreCase);
  else emitRepeat(program, node, ignoreCase);
}

function emitEither(program: Instruction[], items: readonly PatternNode[], ignoreCase: boolean): void {
  const jumps: { op: "split"; first: number; second: number }[] = [];
  items.forEach((item, index) => {
    const last = index === items.length - 1;
    const fork = { op: "split" as const, first: program.length + 1, second: 0 };
    if (!last) program.push(fork);
    emit(program, item, ignoreCase);
    if (last) return;
    const jump = { op: "split" as const, first: 0, second: 0 };
    program.push(jump);
    jumps.push(jump);
    fork.second = program.length;
  });
  for (const jump of jumps) jump.first = jump.second = program.length;
}

function emitRepeat(
  program: Instruction[],
  node: PatternNode & { type: "repeat" },
  ignoreCase: boolean,
): void {
  for (let i = 0; i < node.least; i += 1) {
    const before = program.length;
    emit(program, node.item, ignoreCase);
    if (program.length === before) return; // an empty group, however often it is repeated
  }
  const forks: { op: "split"; first: number; second: number }[] = [];
  const optional = Number.isFinite(node.most) ? node.most - node.least : 1;
  for (let i = 0; i < optional; i += 1) {
    const start = program.length;
    const fork = { op: "split" as const, first: start + 1, second: 0 };
    program.push(fork);
    forks.push(fork);
    emit(program, node.item, ignoreCase);
    if (!Number.isFinite(node.most)) program.push({ op: "split", first: start, second: start });
  }
  for (const fork of forks) fork.second = program.length;
}

function foldingCase(test: (codePoint: number) => boolean): (codePoint: number) => boolean {
  return (code) => {
    if (test(code)) return true;
    const character = String.fromCodePoint(code);
    return (
      test(character.toLowerCase().codePointAt(0) ?? code) ||
      test(character.toUpperCase().codePointAt(0) ?? code)
    );
  };
}

function run(program: readonly Instruction[], text: readonly number[], multiline: boolean): boolean {
  let current: number[] = [];
  const seen = new Int32Array(program.length).fill(-1);
  for (let at = 0; at <= text.length; at += 1) {
    const threads: number[] = [];
    const pending = [0, ...current.toReversed()];
    while (pending.length > 0) {
      const pc = pending.pop() ?? 0;
      if (seen[pc] === at) continue;
      seen[pc] = at;
      const instruction = program[pc];
      if (instruction === undefined) continue;
      if (instruction.op === "match") return true;
      if (instruction.op === "one") threads.push(pc);
      else if (instruction.op === "split") pending.push(instruction.second, instruction.first);
      else if (holds(instruction.at, text, at, multiline)) pending.push(pc + 1);
    }
    current = [];
    const code = text[at];
    if (code === undefined) return false;
    for (const pc of threads) {
      const instruction = program[pc];
      if (instruction?.op === "one" && instruction.test(code)) current.push(pc + 1);
    }
  }
  return false;
}

function holds(
  at: "start" | "end" | "boundary" | "inside",
  text: readonly number[],
  place: number,
  multiline: boolean,
): boolean {
  const [before, after] = [text[place - 1], text[place]];
  if (at === "start") return before === undefined || (multiline && before === 10);
  if (at === "end") return after === undefined || (multiline && after === 10);
  const isBoundary = (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
  return isBoundary === (at === "boundary");
}
