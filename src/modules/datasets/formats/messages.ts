import type { CaseMessage, ToolCall } from "../../../../contracts/evaluation-case.ts";
import { isObject, openJson, readText } from "./field-values.ts";
import type { RowNotes } from "./row-notes.ts";

const roles: ReadonlyMap<string, CaseMessage["role"]> = new Map([
  ["human", "user"],
  ["user", "user"],
  ["ai", "assistant"],
  ["assistant", "assistant"],
  ["model", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
  ["system", "system"],
  ["developer", "system"],
]);

/** The arguments of a call: an object, or JSON text of one (OpenAI writes text). */
function readArgs(value: unknown, pointer: string, notes: RowNotes): Record<string, unknown> {
  const args = openJson(value ?? {});
  if (isObject(args)) return args;
  notes.warn(
    pointer,
    "args_not_an_object",
    "The arguments of a tool call must be an object; they are kept under `value`.",
  );
  return { value: args };
}

/** Tool calls: `{name, args}` (Ragas), `{function: {name, arguments}}` (OpenAI), or a bare name. */
export function readToolCalls(list: readonly unknown[], pointer: string, notes: RowNotes): ToolCall[] {
  return list.flatMap((item, index) => {
    const at = `${pointer}/${index}`;
    if (typeof item === "string" && item !== "") return [{ name: item, args: {} }];
    const call = isObject(item) && isObject(item.function) ? item.function : item;
    if (!isObject(call) || typeof call.name !== "string") {
      notes.reject(at, "tool_call_without_name", "A tool call needs a name.");
      return [];
    }
    const read: ToolCall = {
      name: call.name,
      args: readArgs(call.args ?? call.arguments, `${at}/args`, notes),
    };
    if (isObject(item) && item.kind === "mcp") read.kind = "mcp";
    return [read];
  });
}

/** The text of a message: text, or the text parts of a list of parts (OpenAI), the others told. */
function readContent(value: unknown, pointer: string, notes: RowNotes): { text: string; whole: boolean } {
  if (value === null || value === undefined) return { text: "", whole: true };
  if (!Array.isArray(value)) return { text: readText({ value, pointer }, notes) ?? "", whole: true };
  const texts: string[] = [];
  for (const part of value) {
    if (typeof part === "string") texts.push(part);
    else if (isObject(part) && typeof part.text === "string") texts.push(part.text);
  }
  if (texts.length < value.length) {
    notes.warn(
      pointer,
      "parts_without_text",
      "Only the text parts of this message are used; the rest is kept in the metadata.",
    );
  }
  return { text: texts.join("\n"), whole: texts.length === value.length };
}

export interface ReadMessages {
  readonly messages: CaseMessage[];
  /** What a message holds beyond role, content and tool calls, by its index. */
  readonly extras: Record<string, unknown>[];
}

/** A conversation, in the words of Ragas (`type: human|ai|tool`) or of OpenAI (`role`). */
export function readMessages(list: readonly unknown[], pointer: string, notes: RowNotes): ReadMessages {
  const messages: CaseMessage[] = [];
  const extras: Record<string, unknown>[] = [];
  for (const [index, item] of list.entries()) {
    const at = `${pointer}/${index}`;
    if (!isObject(item)) {
      notes.reject(at, "not_a_message", "A message must be an object with a role and a content.");
      continue;
    }
    const { role: ownRole, type, content, tool_calls, ...more } = item;
    const role = roles.get(String(ownRole ?? type ?? "").toLowerCase());
    if (!role) {
      notes.reject(
        at,
        "unknown_role",
        `A message needs a role; ${JSON.stringify(ownRole ?? type ?? null)} is none.`,
      );
      continue;
    }
    const { text, whole } = readContent(content, `${at}/content`, notes);
    const message: CaseMessage = { role, content: text };
    if (Array.isArray(tool_calls) && tool_calls.length > 0) {
      message.toolCalls = readToolCalls(tool_calls, `${at}/tool_calls`, notes);
    }
    messages.push(message);
    const kept = Object.entries({ ...more, ...(whole ? {} : { content }) }).filter(
      ([, value]) => value !== null,
    );
    if (kept.length > 0) extras.push({ index, ...Object.fromEntries(kept) });
  }
  return { messages, extras };
}

/** What a conversation ends with: the answer that single-turn metrics judge; undefined if it ends otherwise. */
export function lastAnswer(messages: readonly CaseMessage[]): CaseMessage | undefined {
  const last = messages.at(-1);
  return last?.role === "assistant" && last.content !== "" ? last : undefined;
}

/** Every tool call of the assistant, in order; undefined when it made none. */
export function callsOf(messages: readonly CaseMessage[]): ToolCall[] | undefined {
  const calls = messages.flatMap((message) =>
    message.role === "assistant" ? (message.toolCalls ?? []) : [],
  );
  return calls.length > 0 ? calls : undefined;
}
