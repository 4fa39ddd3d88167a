import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fixed, type TokenAnswer } from "../cli/src/auth/credentials.ts";
import { type Api, createApi } from "../cli/src/client/api.ts";
import { ApiError } from "../cli/src/failure.ts";
import { thisMachine } from "../cli/src/machine.ts";

/** Who signs in to the demo; the password is made once, at random. */
export interface DemoTenant {
  readonly tenant: string;
  readonly email: string;
  readonly password: string;
}

/**
 * The API of a local deployment, signed in as the admin of its demo tenant. The tenant is made on the first start; who
 * it is stands in `file`, which only the user can read. A lost file or a lost database each gets a new tenant.
 */
export async function openDemo(endpoint: string, bootstrapToken: string, file: string): Promise<Api> {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DemoTenant) : undefined;
  const first = known ?? newDemo("demo", file);
  const made = await bootstrap(endpoint, bootstrapToken, first);
  if (made || known) {
    const api = await signIn(endpoint, first);
    if (api) return api;
  }
  const other = newDemo(`demo-${randomBytes(3).toString("hex")}`, file);
  await bootstrap(endpoint, bootstrapToken, other);
  const api = await signIn(endpoint, other);
  if (api) return api;
  throw new Error(`The demo tenant "${other.tenant}" was made but cannot sign in.`);
}

/** The password is written before it is used, so that no tenant is left that nobody can enter. */
function newDemo(tenant: string, file: string): DemoTenant {
  const demo = { tenant, email: "admin@demo.example", password: randomBytes(18).toString("base64url") };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  return demo;
}

/** Whether the tenant was made now; false when there is one already. */
async function bootstrap(endpoint: string, token: string, demo: DemoTenant): Promise<boolean> {
  try {
    await apiAt(endpoint, token).call("access.tenant.bootstrap", {
      tenant: { slug: demo.tenant, name: "Demo" },
      admin: { email: demo.email, name: "Demo admin", password: demo.password },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === "access.tenant_exists") return false;
    throw error;
  }
}

async function signIn(endpoint: string, demo: DemoTenant): Promise<Api | undefined> {
  try {
    const { accessToken } = await apiAt(endpoint).call<TokenAnswer>("access.session.create", { ...demo });
    return apiAt(endpoint, accessToken);
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) return undefined;
    throw error;
  }
}

function apiAt(endpoint: string, bearer?: string): Api {
  const credentials = fixed(bearer === undefined ? undefined : `Bearer ${bearer}`);
  return createApi({ endpoint, transport: thisMachine.transport, credentials });
}
