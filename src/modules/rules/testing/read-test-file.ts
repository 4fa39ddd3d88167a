import { parseDocument } from "yaml";
import * as z from "zod";
import { RuleTestFile } from "../../../../contracts/rule-tests.ts";
import { fieldProblems, problem } from "../../../kernel/problem.ts";

/** A file of tests may name files with one rule each, or a list `rules`, by their paths from its own folder. */
const Written = z.looseObject({
  rules: z.array(z.unknown()).default([]),
  ruleFiles: z.array(z.string().min(1)).max(100).default([]),
});

/**
 * Reads a file of rule tests, YAML or JSON, with the rules in the files that it names. `open` gives the text of such a file.
 * @throws malformed_request `rules.test_file_malformed`, invalid_input `rules.test_file`
 */
export function readTestFile(text: string, path: string, open: (path: string) => string): RuleTestFile {
  const written = checked(Written, contentOf(text, path), path);
  const { ruleFiles, ...rest } = written;
  const folder = path.replace(/[^/\\]*$/, "");
  const named = ruleFiles.flatMap((name) => {
    const from = name.startsWith("/") ? name : folder + name;
    const content = contentOf(open(from), from);
    const { rules } = z
      .looseObject({ rules: z.array(z.unknown()).optional() })
      .catch({})
      .parse(content);
    return rules ?? [content];
  });
  return checked(RuleTestFile, { ...rest, rules: [...written.rules, ...named] }, path);
}

function contentOf(text: string, path: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error === undefined) return document.toJS({ maxAliasCount: 100 });
  const detail = `${path} is neither YAML nor JSON: ${error.message.split("\n", 1)[0]}`;
  throw problem("malformed_request", "rules.test_file_malformed", detail);
}

function checked<Schema extends z.ZodType>(schema: Schema, content: unknown, path: string): z.output<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const errors = fieldProblems(parsed.error);
  const detail = `${path}: ${errors[0]?.message ?? "it is no file of rule tests"}`;
  throw problem("invalid_input", "rules.test_file", detail, { errors });
}
