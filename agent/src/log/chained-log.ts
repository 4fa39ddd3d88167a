import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type ChainCheck, chainLine, checkLine, emptyHead, type LogHead } from "./chain.rules.ts";

const current = "agent.log.jsonl";
const flushAfterMs = 250;

export interface LogLimits {
  readonly fileBytes: number;
  readonly files: number;
}

/**
 * The agent's own record of what it was asked and did: JSON lines, each hashed with the one before. A full file is set
 * aside as `agent.log.<first number>.jsonl` and the chain goes on in the next.
 */
export class ChainedLog {
  readonly #folder: string;
  readonly #limits: LogLimits;
  readonly #now: () => number;
  #head: LogHead;
  #firstSeq: number;
  #file: number;
  #bytes: number;
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    folder: string,
    now: () => number,
    limits: LogLimits = { fileBytes: 16 * 1024 * 1024, files: 20 },
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#limits = limits;
    this.#now = now;
    const { head, first, bytes } = readTail(folder);
    this.#head = head;
    this.#firstSeq = first;
    this.#bytes = bytes;
    this.#file = openSync(join(folder, current), "a", 0o600);
  }

  /** Adds a line; it is on its way to the disk within 250 ms, or at once by `flush`. */
  add(kind: string, fields: object): void {
    if (this.#isClosed) return;
    const { text, head } = chainLine(this.#head, this.#now(), kind, fields);
    this.#head = head;
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
  }

  /** Writes what waits. `durable`: not only handed to the system, but on the disk. */
  flush(durable = false): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) {
      const bytes = Buffer.from(`${this.#waiting.join("\n")}\n`);
      this.#waiting = [];
      writeSync(this.#file, bytes);
      this.#bytes += bytes.length;
    }
    if (durable) fsyncSync(this.#file);
    if (this.#bytes >= this.#limits.fileBytes) this.#rotate();
  }

  /** The head of what is written: nothing is told that a crash could take back. */
  head(): LogHead {
    this.flush();
    return this.#head;
  }

  close(): void {
    this.flush(true);
    closeSync(this.#file);
    this.#isClosed = true;
  }

  #rotate(): void {
    closeSync(this.#file);
    const number = String(this.#firstSeq).padStart(12, "0");
    renameSync(join(this.#folder, current), join(this.#folder, `agent.log.${number}.jsonl`));
    this.#file = openSync(join(this.#folder, current), "a", 0o600);
    this.#bytes = 0;
    this.#firstSeq = this.#head.seq + 1;
    const old = setAside(this.#folder);
    for (const name of old.slice(0, Math.max(0, old.length - this.#limits.files)))
      unlinkSync(join(this.#folder, name));
  }
}

function setAside(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^agent\.log\.\d{12}\.jsonl$/.test(name))
    .sort();
}

/** The files of a log, oldest first. */
export function logFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = setAside(folder);
  return (existsSync(join(folder, current)) ? [...files, current] : files).map((name) => join(folder, name));
}

function readTail(folder: string): { head: LogHead; first: number; bytes: number } {
  const files = logFiles(folder);
  for (const file of [...files].reverse()) {
    const bytes = readFileSync(file);
    const lines = bytes.toString("utf8").split("\n").filter(Boolean);
    const last = lastWhole(lines);
    if (last === undefined) continue;
    if (!file.endsWith(current)) return { head: last, first: last.seq + 1, bytes: 0 };
    if (!bytes.toString("utf8").endsWith("\n")) repairEnd(file, lines);
    return { head: last, first: firstSeq(lines) ?? 1, bytes: bytes.length };
  }
  return { head: emptyHead, first: 1, bytes: 0 };
}

function lastWhole(lines: readonly string[]): LogHead | undefined {
  for (const line of [...lines].reverse()) {
    try {
      const { seq, hash } = JSON.parse(line) as { seq: unknown; hash: unknown };
      if (typeof seq === "number" && typeof hash === "string") return { seq, hash };
    } catch {
      // The last line may have been cut by a crash; the one before it counts.
    }
  }
  return undefined;
}

function firstSeq(lines: readonly string[]): number | undefined {
  try {
    return (JSON.parse(lines[0] ?? "") as { seq: number }).seq;
  } catch {
    return undefined;
  }
}

// A crash in the middle of a write leaves half a line; the chain goes on after the last whole one.
function repairEnd(file: string, lines: readonly string[]): void {
  const whole = lastWhole(lines.slice(-1)) === undefined ? lines.slice(0, -1) : lines;
  const kept = openSync(`${file}.new`, "w", 0o600);
  writeSync(kept, whole.map((line) => `${line}\n`).join(""));
  fsyncSync(kept);
  closeSync(kept);
  renameSync(`${file}.new`, file);
}

/** Follows the whole chain. The oldest kept file may begin after the log's beginning; its first line is then taken as it is. */
export function verifyLog(folder: string): {
  readonly check: ChainCheck;
  readonly lines: number;
  readonly file?: string;
} {
  let head = emptyHead;
  let lines = 0;
  for (const file of logFiles(folder)) {
    for (const text of readFileSync(file, "utf8").split("\n")) {
      if (text === "") continue;
      if (lines === 0) head = beforeFirst(text) ?? head;
      const check = lines === 0 && head.hash === "" ? trustFirst(text) : checkLine(head, text);
      if (!check.ok) return { check, lines, file };
      head = check.head;
      lines++;
    }
  }
  return { check: { ok: true, head }, lines };
}

function beforeFirst(text: string): LogHead | undefined {
  const first = lastWhole([text]);
  return first === undefined || first.seq <= 1 ? undefined : { seq: first.seq - 1, hash: "" };
}

function trustFirst(text: string): ChainCheck {
  const head = lastWhole([text]);
  return head === undefined ? { ok: false, seq: 0, reason: "unreadable" } : { ok: true, head };
}
