import type { Context } from "hono";
import * as z from "zod";
import { actorName } from "../kernel/actor-name.ts";
import type { Actor, Ctx, RawBody } from "../kernel/context.ts";
import { sha256Json } from "../kernel/hash.ts";
import { newId } from "../kernel/ids.ts";
import { authorize, type StreamBody } from "../kernel/operation.ts";
import { problem, toFailure } from "../kernel/problem.ts";
import type { Trace } from "../kernel/trace.ts";
import { type CountedBody, countedBody, hearOut } from "./counted-body.ts";
import {
  type IdempotencyKey,
  type IdempotencyLedger,
  readIdempotencyKey,
  refuseClaim,
} from "./idempotency.ts";
import { problemDocument } from "./problem.ts";
import { parseInput, readJson, readQuery } from "./read-input.ts";
import type { Route } from "./route.ts";

/** What the request learned on its way in; the middleware of the app fills it. */
export interface RequestFacts {
  readonly requestId: string;
  readonly trace: Trace;
  readonly address?: string;
  readonly now: Date;
}

export type AppEnv<Env extends object = object> = { Bindings: Env; Variables: { facts: RequestFacts } };

export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly windowSeconds: number;
  readonly allowed: boolean;
}

/** What the host gives to the HTTP layer. */
export interface Host<Env extends object> {
  authenticate(c: Context<AppEnv<Env>>): Promise<Actor>;
  /** Takes one request from the caller's allowance. */
  takeQuota(c: Context<AppEnv<Env>>, actor: Actor): Promise<Quota>;
  context(
    c: Context<AppEnv<Env>>,
    actor: Actor,
    call: Pick<Ctx, "action"> &
      Partial<Pick<Ctx, "scope" | "expectedVersion" | "idempotency" | "body" | "lastEventId">> & {
        /** The claim of the idempotency key that a write of this call settles. */
        readonly claimId?: string;
      },
  ): Ctx;
  idempotency(c: Context<AppEnv<Env>>): IdempotencyLedger;
}

const jsonBodyLimit = 1024 * 1024;

/** Answers one request for one route: authenticate, authorise, read, run, shape. Throws problems. */
export async function serve<Env extends object>(
  route: Route,
  c: Context<AppEnv<Env>>,
  host: Host<Env>,
): Promise<Response> {
  const { operation } = route;
  const actor = await letIn(c, host, operation);
  const rest =
    route.rest === "query" ? readQuery(new URL(c.req.url)) : await readJson(c.req.raw, jsonBodyLimit);
  const params = readParams(route, c);
  const input = parseInput(route, params, rest);
  const file = operation.takes ? await readRaw(c, operation.takes) : undefined;
  const expectedVersion = readVersion(c.req.header("if-match"));
  const key =
    operation.effect === "write" ? readIdempotencyKey(c.req.header("idempotency-key") ?? null) : undefined;
  const idempotency = key === undefined ? undefined : { key, bodyHash: await sha256Json({ params, rest }) };
  const isClaimed =
    idempotency !== undefined && operation.idempotency !== "own" && !operation.gives && actor.tenantId !== "";
  // Not the request id: a caller may send one twice.
  const claimId = newId("clm", c.get("facts").now);
  const lastEventId = Number.parseInt(c.req.header("last-event-id") ?? "", 10);
  const ctx = host.context(c, actor, {
    action: operation.action,
    scope: operation.scope,
    ...(Number.isNaN(lastEventId) ? {} : { lastEventId }),
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(idempotency ? { idempotency } : {}),
    ...(file ? { body: file.body } : {}),
    ...(isClaimed ? { claimId } : {}),
  });
  const run = async () => {
    try {
      return answerOf(route, await operation.run(ctx, input));
    } finally {
      await file?.heardOut();
    }
  };
  if (!isClaimed) return respond(c, route, await run());
  const { tenantId } = actor;
  const claim = { tenantId, scope: `${operation.action} ${actorName(actor)}`, ...idempotency, claimId };
  return respond(c, route, await runOnce(host.idempotency(c), claim, c, run));
}

/** Authenticates, counts and authorises a request; the headers of its allowance are set. Throws problems. */
export async function letIn<Env extends object>(
  c: Context<AppEnv<Env>>,
  host: Pick<Host<Env>, "authenticate" | "takeQuota">,
  operation: Parameters<typeof authorize>[0],
): Promise<Actor> {
  const actor = await host.authenticate(c).catch(async (error: unknown) => {
    mustBeAllowed(c, await host.takeQuota(c, stranger));
    throw error;
  });
  mustBeAllowed(c, await host.takeQuota(c, actor));
  authorize(operation, actor);
  return actor;
}

/** A bad credential is counted against the address that it came from. */
const stranger: Actor = { kind: "anonymous", id: "nobody", tenantId: "", grants: [] };

function mustBeAllowed<Env extends object>(c: Context<AppEnv<Env>>, quota: Quota): void {
  c.header("RateLimit-Limit", String(quota.limit));
  c.header("RateLimit-Remaining", String(quota.remaining));
  c.header("RateLimit-Reset", String(quota.resetSeconds));
  c.header("RateLimit-Policy", `${quota.limit};w=${quota.windowSeconds}`);
  if (!quota.allowed) {
    throw problem(
      "rate_limited",
      "http.rate_limited",
      `At most ${quota.limit} requests in ${quota.windowSeconds} s. Wait and retry.`,
      {
        retryAfterMs: quota.resetSeconds * 1000,
      },
    );
  }
}

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly stream?: StreamBody;
  readonly replayed?: boolean;
}

function answerOf(route: Route, output: unknown): Answer {
  if (route.operation.gives) return { status: route.status, stream: output as StreamBody };
  return { status: route.status, json: z.parse(route.operation.output, output) };
}

async function runOnce<Env extends object>(
  ledger: IdempotencyLedger,
  key: IdempotencyKey,
  c: Context<AppEnv<Env>>,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const claim = await ledger.claim(key);
  if (claim.state === "done") return { status: claim.status, json: claim.response, replayed: true };
  if (claim.state !== "claimed") throw refuseClaim(claim);
  try {
    const answer = await run();
    await ledger.finish(key, answer.status, answer.json);
    return answer;
  } catch (error) {
    const failure = toFailure(error);
    const document = problemDocument(failure, new URL(c.req.url).pathname, c.get("facts").requestId);
    if (document.retryable) await ledger.release(key);
    else await ledger.finish(key, document.status, document);
    throw error;
  }
}

function readParams<Env extends object>(route: Route, c: Context<AppEnv<Env>>): Record<string, string> {
  const verb = /\{\w+\}(:\w+)$/.exec(route.path)?.[1] ?? "";
  return Object.fromEntries(
    route.params.map((name, index) => {
      const raw = c.req.param(name) ?? "";
      const isLast = index === route.params.length - 1;
      return [name, isLast && verb !== "" && raw.endsWith(verb) ? raw.slice(0, -verb.length) : raw];
    }),
  );
}

async function readRaw<Env extends object>(
  c: Context<AppEnv<Env>>,
  takes: { mediaTypes: readonly string[]; maxBytes: number },
): Promise<Pick<CountedBody, "heardOut"> & { readonly body: RawBody }> {
  const request = c.req.raw;
  const after = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  const media = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!takes.mediaTypes.includes(media)) {
    if (request.body) await hearOut(request.body.getReader(), after);
    throw problem(
      "unsupported_media",
      "http.media_type",
      `Send one of ${takes.mediaTypes.join(", ")}, not ${media}.`,
    );
  }
  const declared = request.headers.get("content-length");
  const length = declared === null ? undefined : Number(declared);
  const tooLarge = () =>
    problem("too_large", "http.body_too_large", `The body may have ${takes.maxBytes} bytes at most.`);
  if (request.body === null) throw problem("malformed_request", "http.body_missing", "The body is empty.");
  if (length !== undefined && length > takes.maxBytes) {
    await hearOut(request.body.getReader(), after);
    throw tooLarge();
  }
  const { stream, heardOut } = countedBody(request.body, takes.maxBytes, tooLarge, after);
  return { heardOut, body: { stream, contentType, ...(length === undefined ? {} : { length }) } };
}

function readVersion(header: string | undefined): number | undefined {
  if (header === undefined || header === "*") return undefined;
  const match = /^(?:W\/)?"v(\d+)"$/.exec(header.trim());
  if (!match) {
    throw problem(
      "precondition_failed",
      "version.unknown",
      "If-Match must be an ETag that this resource gave.",
      {
        errors: [
          { pointer: "/header/If-Match", code: "unknown_etag", message: "Not an ETag of this resource." },
        ],
      },
    );
  }
  return Number(match[1]);
}

/** Whether an `If-None-Match` names this ETag (RFC 9110, 13.1.2: the weak comparison). */
function names(header: string | undefined, etag: string): boolean {
  const listed = (header ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
  return listed.includes(etag) || listed.includes("*");
}

function respond<Env extends object>(c: Context<AppEnv<Env>>, route: Route, answer: Answer): Response {
  c.header("Cache-Control", "no-store");
  if (answer.replayed) c.header("Idempotency-Replayed", "true");
  if (answer.stream) {
    c.header("Content-Type", answer.stream.contentType);
    if (answer.stream.fileName)
      c.header("Content-Disposition", `attachment; filename="${answer.stream.fileName}"`);
    return c.body(answer.stream.stream, answer.status as 200);
  }
  const json = answer.json;
  if (answer.status < 300 && route.operation.version) {
    const etag = `"v${route.operation.version(json)}"`;
    c.header("ETag", etag);
    c.header("Cache-Control", "private, no-cache");
    if (c.req.method === "GET" && names(c.req.header("if-none-match"), etag)) return c.body(null, 304);
  }
  if (answer.status >= 400) c.header("Content-Type", "application/problem+json");
  if (answer.status < 300 && /(?:^|,)\s*envelope\s*(?:,|$)/i.test(c.req.header("prefer") ?? "")) {
    c.header("Preference-Applied", "envelope");
    const { now } = c.get("facts");
    return c.json(
      { time: now.toISOString(), code: answer.status, message: "OK", data: json },
      answer.status as 200,
    );
  }
  return answer.status >= 400
    ? c.body(JSON.stringify(json), answer.status as 400)
    : c.json(json as object, answer.status as 200);
}
