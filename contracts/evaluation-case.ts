import * as z from "zod";

export const ToolCall = z.strictObject({
  name: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  kind: z.enum(["function", "mcp"]).optional(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const CaseMessage = z.strictObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  toolCalls: z.array(ToolCall).optional(),
  contexts: z.array(z.string()).optional(),
  reference: z.string().optional(),
});
export type CaseMessage = z.infer<typeof CaseMessage>;

export const CaseContext = z.strictObject({
  text: z.string(),
  id: z.string().optional(),
  score: z.number().optional(),
  rank: z.int().optional(),
});
export type CaseContext = z.infer<typeof CaseContext>;

/** One canonical case of a data set, whatever format it came from. Every text is NFC. */
export const EvaluationCase = z.strictObject({
  caseId: z.string().min(1),
  input: z.union([z.string(), z.array(CaseMessage)]),
  output: z.string().optional(),
  reference: z.string().optional(),
  contexts: z.array(CaseContext).default([]),
  referenceContexts: z.array(CaseContext).default([]),
  toolCalls: z.array(ToolCall).optional(),
  referenceToolCalls: z.array(ToolCall).optional(),
  rubric: z.record(z.string(), z.string()).optional(),
  tags: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
  source: z.strictObject({
    format: z.string(),
    file: z.string().optional(),
    line: z.int(),
    rawHash: z.string(),
  }),
});
export type EvaluationCase = z.infer<typeof EvaluationCase>;
