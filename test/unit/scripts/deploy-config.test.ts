import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderConfig } from "../../../scripts/deploy-config.ts";

const source = readFileSync(join(import.meta.dirname, "..", "..", "..", "wrangler.toml"), "utf8");
const values = { MARU_HOST: "maru.example.com", MARU_D1_ID: "d1-id" };

describe("the configuration of a deployment", () => {
  it("is filled in from values that stand nowhere in the project", () => {
    const config = renderConfig(source, values);
    expect(config).toContain('database_id = "d1-id"');
    expect(config).toContain('MARU_ORIGIN = "https://maru.example.com"');
    expect(config).toContain('MARU_DATABASE = "d1"');
    expect(
      config
        .split("\n")
        .filter((line) => !line.startsWith("#"))
        .join("\n"),
    ).not.toContain("${");
  });

  it("has Hyperdrive only where there is one", () => {
    expect(renderConfig(source, values)).not.toContain("[[env.production.hyperdrive]]");
    const config = renderConfig(source, {
      ...values,
      MARU_DATABASE: "postgres",
      MARU_HYPERDRIVE_ID: "hd-id",
    });
    expect(config).toContain('[[env.production.hyperdrive]]\nbinding = "HYPERDRIVE"\nid = "hd-id"');
    expect(config).toContain('MARU_DATABASE = "postgres"');
  });

  it("names everything that is missing, and takes nothing that would leave its quotes", () => {
    expect(() => renderConfig(source, {})).toThrow("Not set: MARU_HOST, MARU_D1_ID.");
    expect(() => renderConfig(source, { ...values, MARU_D1_ID: 'x"\nname = "y' })).toThrow(
      "MARU_D1_ID has characters",
    );
  });

  it("binds in production what it binds on a developer's machine", () => {
    const [local = "", production = ""] = source.split("[env.production]");
    const names = (text: string) =>
      [...text.matchAll(/^(?:binding|name) = "([A-Z_]+)"$/gm)].map(([, name]) => name);
    expect(names(production)).toEqual(names(local));
    const classes = (text: string) => text.match(/^(?:class_name|new_sqlite_classes) = .*$/gm);
    expect(classes(production)).toEqual(classes(local));
    const limits = (text: string) => text.match(/^max_\w+ = \d+$/gm);
    expect(limits(production)).toEqual(limits(local));
  });
});
