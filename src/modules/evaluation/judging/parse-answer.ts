import type * as z from "zod";

type ParsedAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Reads a judge's text as JSON and by its schema. A code fence around the object and a block of thinking before it are
 * taken off; any other word around it is a fault, which the repair turn tells the judge.
 */
export function parseAnswer<Value>(text: string, schema: z.ZodType<Value>): ParsedAnswer<Value> {
  let json: unknown;
  try {
    json = JSON.parse(bare(text));
  } catch {
    return {
      ok: false,
      faults: [text.trim() === "" ? "The answer is empty." : "The answer is not one JSON object."],
    };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.slice(0, 12).map((issue) => {
    const at = issue.path.map(String).join(".");
    return at ? `${at}: ${issue.message}` : issue.message;
  });
  return { ok: false, faults };
}

function bare(text: string): string {
  const afterThought = text.replace(/^\s*<think>[\s\S]*?<\/think>/, "").trim();
  const fenced = /^```[a-zA-Z]*\n([\s\S]*?)\n?```$/.exec(afterThought);
  return fenced?.[1] ?? afterThought;
}
