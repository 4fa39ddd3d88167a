/** How many cases the vars of a test give: the product of the lengths of its lists. */
export function combinationCount(vars: Readonly<Record<string, unknown>>): number {
  return Object.values(vars).reduce<number>(
    (product, value) => product * (Array.isArray(value) ? value.length : 1),
    1,
  );
}

/** Every combination of the vars: lists give one value at a time, the first var changing slowest. */
export function varCombinations(vars: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  let combinations: [string, unknown][][] = [[]];
  for (const [name, value] of Object.entries(vars)) {
    const values = Array.isArray(value) ? value : [value];
    combinations = combinations.flatMap((known) =>
      values.map((one): [string, unknown][] => [...known, [name, one]]),
    );
  }
  return combinations.map((entries) => Object.fromEntries(entries));
}

/** Text with its plain `{{name}}` places filled; `whole` is false when something else of a template is left. */
export function fillTemplate(
  text: string,
  vars: Readonly<Record<string, unknown>>,
): { text: string; whole: boolean } {
  const filled = text.replaceAll(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (place, name: string) => {
    if (!Object.hasOwn(vars, name)) return place;
    const value = vars[name];
    return typeof value === "string" ? value : JSON.stringify(value);
  });
  return {
    text: filled,
    whole: !/\{\{|\{%/.test(text.replaceAll(/\{\{\s*[A-Za-z_][\w-]*\s*\}\}/g, "")) && !hasOpen(text, vars),
  };
}

function hasOpen(text: string, vars: Readonly<Record<string, unknown>>): boolean {
  for (const [, name] of text.matchAll(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g)) {
    if (name !== undefined && !Object.hasOwn(vars, name)) return true;
  }
  return false;
}
