import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApiDocument } from "../src/http/openapi.ts";
import { routes } from "../src/routes.ts";

const root = join(import.meta.dirname, "..");
const clientFile = join(root, "cli", "src", "operations.generated.ts");

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}

/** Whether a field holds text or nothing, whatever the text looks like. */
function isText({ type, enum: values, const: only, anyOf, oneOf }: Schema): boolean {
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return choices.every((one) => one.type === "null" || isText(one));
  if (type !== undefined) return type === "string";
  return (values ?? [only]).every((value) => typeof value === "string");
}

/** The operations as data, for clients that never import the worker. */
function clientSource(): string {
  const document = openApiDocument(routes, { title: "Maru", version: "", description: "" });
  const entries = routes.map((route) => {
    const described = document.paths[route.path]?.[route.method.toLowerCase()] as {
      parameters: { name: string; in: string; required: boolean }[];
      requestBody?: { content: Record<string, { schema: Schema }> };
    };
    const body = described.requestBody?.content["application/json"]?.schema;
    const { operation } = route;
    return [
      operation.action,
      {
        method: route.method,
        path: route.path,
        summary: operation.summary,
        scope: operation.scope,
        effect: operation.effect,
        path_: route.params,
        query: described.parameters.filter((field) => field.in === "query").map((field) => field.name),
        body: Object.keys(body?.properties ?? {}),
        texts: Object.entries(body?.properties ?? {}).flatMap(([name, schema]) =>
          isText(schema) ? [name] : [],
        ),
        required: [
          ...described.parameters.filter((field) => field.required).map((field) => field.name),
          ...(body?.required ?? []),
        ],
        ...(operation.takes ? { takes: operation.takes.mediaTypes } : {}),
        ...(operation.gives ? { gives: operation.gives } : {}),
      },
    ] as const;
  });
  const lines = entries.map(
    ([action, { path_, ...entry }]) =>
      `  ${JSON.stringify(action)}: ${JSON.stringify({ ...entry, params: path_ })},`,
  );
  return [
    "// Generated from the operations by `npm run generate`; do not edit.",
    "export const operations = {",
    ...lines.sort(),
    "} as const;",
    "",
    "export type Action = keyof typeof operations;",
    "",
  ].join("\n");
}

const dialects = ["d1", "postgres"] as const;

/** Makes the migration that a changed table definition needs; answers the new files. */
function migrations(check: boolean): string[] {
  return dialects.flatMap((dialect) => {
    const folder = join(root, "migrations", dialect);
    const scratch = mkdtempSync(join(tmpdir(), "maru-migrations-"));
    const out = check ? scratch : folder;
    if (check) cpSync(folder, scratch, { recursive: true });
    const config = readFileSync(join(root, "migrations", `${dialect}.config.ts`), "utf8");
    const known = existsSync(folder) ? readdirSync(folder) : [];
    const file = join(root, "migrations", `.${dialect}.scratch.config.ts`);
    try {
      writeFileSync(file, config.replace(/out: "[^"]+"/, `out: ${JSON.stringify(out)}`));
      const result = spawnSync(
        process.execPath,
        [join(root, "node_modules", "drizzle-kit", "bin.cjs"), "generate", "--config", file],
        { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
      );
      if (result.status !== 0) throw new Error(result.stdout + result.stderr);
      return readdirSync(out)
        .filter((name) => name.endsWith(".sql") && !known.includes(name))
        .map((name) => `${dialect}/${name}`);
    } finally {
      rmSync(file, { force: true });
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

const check = process.argv.includes("--check");
const stale = migrations(check).map((name) => `migrations/${name}`);
const source = clientSource();
if (!existsSync(clientFile) || readFileSync(clientFile, "utf8") !== source) {
  stale.push("cli/src/operations.generated.ts");
  if (!check) writeFileSync(clientFile, source);
}
if (stale.length > 0) console.log(`${check ? "out of date" : "written"}: ${stale.join(", ")}`);
process.exit(check && stale.length > 0 ? 1 : 0);
