import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, bundle } from "./bundle.ts";
import { client } from "./load.ts";
import { type Server, serveWorkers, text } from "./workerd.ts";

const root = join(import.meta.dirname, "..", "..");

/** Binding names and classes of the product's Durable Objects, as `wrangler.toml` has them. */
export function objectsOfProduct(): Record<string, string> {
  const [own = ""] = readFileSync(join(root, "wrangler.toml"), "utf8").split(/^\[env\./m);
  const found = own.matchAll(/\[\[durable_objects\.bindings\]\]\s+name = "(\w+)"\s+class_name = "(\w+)"/g);
  return Object.fromEntries([...found].map(([, name = "", className = ""]) => [name, className]));
}

export interface Secrets {
  readonly bindings: Readonly<Record<string, string>>;
  readonly publicKey: string;
  readonly bootstrapToken: string;
}

export function makeSecrets(): Secrets {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const signingKey = { ...privateKey.export({ format: "jwk" }), kid: "bench", alg: "EdDSA" };
  const bootstrapToken = randomBytes(24).toString("hex");
  return {
    bootstrapToken,
    publicKey: JSON.stringify(publicKey.export({ format: "jwk" })),
    bindings: {
      MARU_KEK: text(`k1:${randomBytes(32).toString("base64")}`),
      MARU_SIGNING_KEYS: text(JSON.stringify({ keys: [signingKey] })),
      MARU_BOOTSTRAP_TOKEN: text(bootstrapToken),
      MARU_RATE_LIMIT: text("10000000"),
    },
  };
}

/** A database in a process of its own, so that its work is nobody's CPU time, with the migrations applied. */
export async function startDatabase(scratch: string): Promise<Server> {
  const built = bundle("bench/workers/d1-worker.ts", scratch);
  const server = await serveWorkers(
    [
      {
        name: "database",
        bundle: built,
        objects: { DATABASE: "Database" },
        storage: join(scratch, "database"),
      },
    ],
    scratch,
  );
  const folder = join(root, "migrations", "d1");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    for (const sql of readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint")) {
      const response = await fetch(server.url, { method: "POST", body: JSON.stringify({ sql }) });
      const answer = await response.text();
      if (answer.includes('"success":false')) throw new Error(`${file}: ${answer}`);
    }
  }
  return server;
}

const databaseBinding =
  'wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = "d1")])';

/** A Worker with the database as its `DB`. */
export function serveWithDatabase(
  name: string,
  built: Bundle,
  bindings: Readonly<Record<string, string>>,
  objects: Readonly<Record<string, string>>,
  database: Server,
  scratch: string,
): Promise<Server> {
  return serveWorkers(
    [
      {
        name,
        bundle: built,
        bindings: { ...bindings, DB: databaseBinding },
        objects,
        storage: join(scratch, name),
      },
    ],
    scratch,
    [`(name = "d1", external = (address = "${new URL(database.url).host}", http = ()))`],
  );
}

/** The whole product on `workerd serve`; `more` are objects of the benchmark beside its own. */
export function startProduct(
  built: Bundle,
  secrets: Secrets,
  database: Server,
  scratch: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const objects = { ...objectsOfProduct(), ...more };
  return serveWithDatabase("product", built, secrets.bindings, objects, database, scratch);
}

/** Makes a tenant through the API; its first key and an access token of its admin. */
export async function makeTenant(
  url: string,
  secrets: Secrets,
): Promise<{ id: string; key: string; token: string }> {
  const http = client(url, 1);
  const post = async (path: string, body: object, bearer?: string) => {
    const headers = {
      "content-type": "application/json",
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
    };
    const answer = await http.call("POST", path, headers, JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as {
      tenant?: { id: string };
      apiKey?: { key: string };
      accessToken?: string;
    };
  };
  const admin = { email: "admin@example.com", name: "Admin", password: randomBytes(12).toString("hex") };
  const made = await post(
    "/v1/tenants:bootstrap",
    { tenant: { slug: "bench", name: "Bench" }, admin, apiKey: { name: "bench" } },
    secrets.bootstrapToken,
  );
  const session = await post("/v1/sessions", {
    tenant: "bench",
    email: admin.email,
    password: admin.password,
  });
  http.close();
  return { id: made.tenant?.id ?? "", key: made.apiKey?.key ?? "", token: session.accessToken ?? "" };
}
