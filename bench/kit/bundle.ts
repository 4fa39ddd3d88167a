import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

export interface Bundle {
  readonly dir: string;
  /** Modules by name, the main one first. */
  readonly modules: readonly string[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
}

function fromConfig(text: string, name: string): string {
  return new RegExp(`^${name} = (.*)$`, "m").exec(text)?.[1] ?? "";
}

/** Bundles a Worker as it would be deployed, with `wrangler deploy --dry-run`. Throws with wrangler's words. */
export function bundle(main: string, scratch: string): Bundle {
  const product = readFileSync(join(root, "wrangler.toml"), "utf8");
  const compatibilityDate = JSON.parse(fromConfig(product, "compatibility_date")) as string;
  const compatibilityFlags = JSON.parse(fromConfig(product, "compatibility_flags")) as string[];
  const dir = mkdtempSync(join(scratch, "bundle-"));
  const config = join(dir, "wrangler.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "bench",
      main: join(root, main),
      compatibility_date: compatibilityDate,
      compatibility_flags: compatibilityFlags,
      send_metrics: false,
    }),
  );
  const out = join(dir, "out");
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", out, "--config", config];
  const result = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", CI: "true" },
  });
  if (result.status !== 0) throw new Error(`The bundle of ${main} failed:\n${result.stdout}${result.stderr}`);
  const files = readdirSync(out).filter((name) => /\.(m?js|wasm|txt|html|sql|bin)$/.test(name));
  const isMain = (name: string) => /\.m?js$/.test(name);
  return {
    dir: out,
    modules: files.sort((a, b) => Number(isMain(b)) - Number(isMain(a))),
    compatibilityDate,
    compatibilityFlags,
  };
}
