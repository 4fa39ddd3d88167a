import { randomBytes } from "node:crypto";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  readonly body: any;
}

export interface Api {
  /** `POST /v1/channels` and the like, with the tenant's key. */
  call(what: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** The body of an answer that must be a success. */
  ok(what: string, json?: unknown): Promise<ApiAnswer["body"]>;
  /** The answer as it comes. */
  open(what: string, init?: RequestInit): Promise<Response>;
}

/** A tenant of its own on a running worker, and its admin's key. */
export async function newApi(endpoint: string, bootstrapToken: string): Promise<Api> {
  const slug = `t-${randomBytes(5).toString("hex")}`;
  const send = async (what: string, key: string, json?: unknown, more = {}): Promise<ApiAnswer> => {
    const [method = "GET", path = ""] = what.split(" ");
    const headers: Record<string, string> = { authorization: `Bearer ${key}`, ...more };
    if (json !== undefined) headers["content-type"] ??= "application/json";
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const response = await fetch(endpoint + path, { method, headers, ...body });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  };
  const made = await send("POST /v1/tenants:bootstrap", bootstrapToken, {
    tenant: { slug, name: slug },
    admin: { email: `admin@${slug}.example`, name: "Admin", password: randomBytes(15).toString("base64url") },
    apiKey: { name: "first", scopes: ["*"] },
  });
  if (made.status >= 300) throw new Error(JSON.stringify(made.body));
  const key: string = made.body.apiKey.key;
  const call: Api["call"] = (what, json, headers) => send(what, key, json, headers);
  return {
    call,
    async ok(what, json) {
      const { status, body } = await call(what, json);
      if (status >= 300) throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`);
      return body;
    },
    open(what, init = {}) {
      const [method = "GET", path = ""] = what.split(" ");
      const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) };
      return fetch(endpoint + path, { ...init, method, headers });
    },
  };
}

/** Asks again until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 45_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await Promise.resolve()
      .then(ask)
      .catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
