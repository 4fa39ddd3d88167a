import type { ExtraRoute, SimRequest, SimResponse, User } from "../../words.ts";
import { fieldsOf, textAt } from "../machines/fields.ts";

/** Somebody who may log in with a password. */
export interface LocalUser {
  readonly password: string;
  readonly user: User;
}

function refused(status: number, code: string, message: string): SimResponse {
  return { status, body: { type: "error", baseType: "error", code, message, status } };
}

async function logIn(request: SimRequest, users: Readonly<Record<string, LocalUser>>): Promise<SimResponse> {
  if (request.query.get("action") !== "login") {
    return refused(404, "ActionNotAvailable", "no such action");
  }
  const input = fieldsOf(await request.json());
  const name = textAt(input, "username") ?? "";
  const known = Object.hasOwn(users, name) ? users[name] : undefined;
  if (known === undefined || known.password !== textAt(input, "password")) {
    return refused(401, "Unauthorized", "authentication failed");
  }
  const token = request.world.tokens.issue(known.user);
  const now = new Date(request.world.clock.now()).toISOString();
  return {
    status: 201,
    headers: { "set-cookie": `R_SESS=${token}; Path=/; HttpOnly; Secure` },
    body: {
      authProvider: "local",
      baseType: "token",
      created: now,
      current: false,
      enabled: true,
      expired: false,
      id: token.split(":")[0],
      isDerived: false,
      name: token.split(":")[0],
      token,
      ttl: 57_600_000,
      type: "token",
      userId: known.user.name,
      userPrincipal: `map[displayName:${name} loginName:${name}]`,
    },
  };
}

/** The local provider: a name and a password for a bearer token. */
export function loginRoute(users: Readonly<Record<string, LocalUser>>): ExtraRoute {
  return {
    method: "POST",
    pattern: "/v3-public/localProviders/local",
    public: true,
    handle: (request) => logIn(request, users),
  };
}
