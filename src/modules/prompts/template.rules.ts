import { type FieldProblem, problem } from "../../kernel/problem.ts";

// A backslash before the braces leaves them as they are.
const placeholder = /(\\?)\{\{[ \t]{0,8}([\p{L}_][\p{L}\p{N}\p{M}_.-]{0,63})[ \t]{0,8}\}\}/gu;
const maxRenderedChars = 1_000_000;

/** The names of the `{{placeholders}}` of a text, each once, in the order in which they first stand. */
export function variablesOf(content: string): string[] {
  const names = new Set<string>();
  for (const [, slash, name] of content.matchAll(placeholder)) {
    if (slash === "" && name !== undefined) names.add(name);
  }
  return [...names];
}

/**
 * The variables of a text, checked against those that were declared.
 * @throws invalid_input `prompts.variables_differ`, pointing at each name that is undeclared, unused or given twice
 */
export function checkedVariables(content: string, declared: readonly string[] | undefined): string[] {
  const used = variablesOf(content);
  if (declared === undefined) return used;
  const errors: FieldProblem[] = [];
  for (const [index, name] of declared.entries()) {
    const pointer = `/variables/${index}`;
    if (declared.indexOf(name) !== index)
      errors.push({ pointer, code: "duplicate", message: `"${name}" is declared twice.` });
    else if (!used.includes(name))
      errors.push({ pointer, code: "unused", message: `The text has no {{${name}}}.` });
  }
  for (const name of used) {
    if (!declared.includes(name))
      errors.push({ pointer: "/content", code: "undeclared", message: `{{${name}}} is not declared.` });
  }
  if (errors.length === 0) return [...declared];
  throw problem(
    "invalid_input",
    "prompts.variables_differ",
    "The declared variables are not those of the text.",
    {
      errors,
    },
  );
}

/**
 * The text with every placeholder replaced, in one pass: a value that holds braces is not read again.
 * @throws invalid_input `prompts.variables_missing` with a pointer for each missing or unknown name,
 *   `prompts.text_too_long`
 */
export function renderTemplate(
  content: string,
  variables: readonly string[],
  given: Readonly<Record<string, string | number | boolean>>,
): string {
  const values = new Map(Object.entries(given).map(([name, value]) => [name, String(value)]));
  const at = (name: string) => `/variables/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const errors: FieldProblem[] = [
    ...variables
      .filter((name) => !values.has(name))
      .map((name) => ({ pointer: at(name), code: "missing", message: `"${name}" needs a value.` })),
    ...[...values.keys()]
      .filter((name) => !variables.includes(name))
      .map((name) => ({ pointer: at(name), code: "unknown_field", message: `The text has no {{${name}}}.` })),
  ];
  if (errors.length > 0) {
    throw problem(
      "invalid_input",
      "prompts.variables_missing",
      "The values are not those that the prompt needs.",
      {
        errors,
      },
    );
  }
  let length = content.length;
  for (const [whole, slash, name = ""] of content.matchAll(placeholder)) {
    length += slash === "" ? (values.get(name)?.length ?? 0) - whole.length : -1;
  }
  if (length > maxRenderedChars) {
    throw problem(
      "invalid_input",
      "prompts.text_too_long",
      `The rendered text may have ${maxRenderedChars} characters at most; this has ${length}.`,
      { errors: [{ pointer: "/variables", code: "too_big", message: "The values are too long." }] },
    );
  }
  return content.replace(placeholder, (whole: string, slash: string, name: string) =>
    slash === "" ? (values.get(name) ?? whole) : whole.slice(1),
  );
}
