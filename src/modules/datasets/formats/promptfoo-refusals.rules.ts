export interface Refusal {
  readonly code: "executable_refused" | "file_reference_refused";
  readonly message: string;
}

const codeTypes = new Set(["javascript", "python", "ruby"]);
const codeMembers = ["transform", "contextTransform", "transformVars", "postprocess"] as const;

function executable(what: string): Refusal {
  return {
    code: "executable_refused",
    message: `${what} would run code that came with the file; it is refused and never run.`,
  };
}

/** Why a text may not be imported: it names a program, a package or a file. Undefined when it is only text. */
export function refusedText(text: string): Refusal | undefined {
  const match = /^\s*(exec|python|ruby|golang|javascript|package|file):/i.exec(text);
  const scheme = match?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  if (scheme !== "file")
    return /^\s*(?:exec|package|golang):|^\s*(?:python|ruby|javascript):\S/i.test(text)
      ? executable(`"${text.trim().slice(0, 80)}"`)
      : undefined;
  if (!/^\s*file:\/\//i.test(text)) return undefined;
  if (/\.(?:js|cjs|mjs|ts|cts|mts|py|rb|go|sh)(?::\w+)?\s*$/i.test(text))
    return executable(`"${text.trim().slice(0, 80)}"`);
  return {
    code: "file_reference_refused",
    message: `"${text.trim().slice(0, 80)}" names another file; write its content in this one.`,
  };
}

/** The first refusal in a value, however deep, with the path to it. */
export function refusedValue(
  value: unknown,
  path: readonly PropertyKey[] = [],
): (Refusal & { path: readonly PropertyKey[] }) | undefined {
  if (typeof value === "string") {
    const refusal = refusedText(value);
    return refusal && { ...refusal, path };
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const refusal = refusedValue(member, [...path, name]);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Why an assertion may not be imported: it is code, carries code, or names a file or a program. */
export function refusedAssertion(
  assertion: Readonly<Record<string, unknown>>,
): (Refusal & { path: readonly PropertyKey[] }) | undefined {
  const type = String(assertion.type ?? "").replace(/^not-/, "");
  if (codeTypes.has(type)) return { ...executable(`An assertion of type ${type}`), path: ["type"] };
  for (const member of codeMembers) {
    if (assertion[member] !== undefined && assertion[member] !== null)
      return { ...executable(`"${member}"`), path: [member] };
  }
  return (
    refusedValue(assertion.value, ["value"]) ??
    refusedValue(assertion.provider, ["provider"]) ??
    refusedValue(assertion.rubricPrompt, ["rubricPrompt"])
  );
}

/** Why the options of a test may not be imported. */
export function refusedOptions(options: unknown): (Refusal & { path: readonly PropertyKey[] }) | undefined {
  if (typeof options !== "object" || options === null) return undefined;
  for (const member of codeMembers) {
    const value = (options as Record<string, unknown>)[member];
    if (value !== undefined && value !== null) return { ...executable(`"${member}"`), path: [member] };
  }
  return refusedValue(options);
}
