import { once } from "node:events";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Somebody ended the input instead of answering: Ctrl-C or Ctrl-D. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Asks on the terminal; the answer is what was typed. Throws `NoAnswer`. */
export function ask(question: string, signal?: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return answered(lines, lines.question(question, signal ? { signal } : {}));
}

/** Asks for something secret: what is typed is not shown, and the echo is off before the question is seen. */
export async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const answer = answered(lines, lines.question(""));
  process.stderr.write(question);
  try {
    return await answer;
  } finally {
    process.stderr.write("\n");
  }
}

async function answered(lines: Interface, answer: Promise<string>): Promise<string> {
  const ended = once(lines, "close").then(() => {
    throw new NoAnswer();
  });
  try {
    return await Promise.race([answer, ended]);
  } catch {
    throw new NoAnswer();
  } finally {
    ended.catch(() => {});
    lines.close();
  }
}

/** All of standard input, without the line end that an editor or `echo` leaves. */
export async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
