import type { Context, Hono } from "hono";
import { openSession, type Session, systemCtx } from "./context.ts";
import { problemResponse } from "./http/problem.ts";
import type { AppEnv } from "./http/serve.ts";
import { shownPath } from "./http/shown-path.ts";
import type { Ctx } from "./kernel/context.ts";
import { AppError, problem } from "./kernel/problem.ts";
import {
  addCounts,
  bodyTooLarge,
  findSourceByAddress,
  handshakeHeaders,
  insertSetAside,
  isFailure,
  mayList,
  minuteOf,
  type Receipt,
  recallSource,
  receiveRequest,
  rememberSource,
  setAsideEvents,
} from "./modules/sources/index.ts";
import type { Env } from "./platform/env.ts";
import { knowRules } from "./reactions/tell-engine.ts";

type C = Context<AppEnv<Env>>;

/** The public addresses of sources: `POST /in/{sourceId}/{token?}`, and OPTIONS for the handshake of CloudEvents. */
export function mountIngest(app: Hono<AppEnv<Env>>): void {
  for (const path of ["/in/:sourceId", "/in/:sourceId/:token"]) {
    app.post(path, receive);
    app.on("OPTIONS", path, shakeHands);
  }
}

const sessionOf = (c: C): Session =>
  openSession(c.env, c.get("facts").now, (work) => c.executionCtx.waitUntil(work));

async function mustFind(c: C, session: Session) {
  const id = c.req.param("sourceId") ?? "";
  const source = /^src_[0-9a-z]{26}$/.test(id) ? await findSourceByAddress(session.db, id) : undefined;
  if (source === undefined)
    throw problem("not_found", "sources.unknown", "There is no source at this address.");
  rememberSource(source, session.now);
  return source;
}

async function shakeHands(c: C): Promise<Response> {
  const session = sessionOf(c);
  try {
    const source = await mustFind(c, session);
    const headers = handshakeHeaders(
      new Map(c.req.raw.headers),
      source.allowedOrigins,
      source.limits.requestsPerMinute,
    );
    for (const [name, value] of headers ?? []) c.header(name, value);
    c.header("Allow", "POST, OPTIONS");
    return c.body(null, headers ? 200 : 204);
  } finally {
    session.after(session.db.close());
  }
}

async function receive(c: C): Promise<Response> {
  const session = sessionOf(c);
  const { requestId } = c.get("facts");
  let closeLater: Promise<unknown> = Promise.resolve();
  try {
    const { source, ctx, receipt } = await receiveAtSource(c, session);
    const { setAside, leftOut, counts, answer } = receipt;
    if (setAside.length > 0 && mayList(source.id, session.now, setAside.length))
      await session.db.atomic((q) => insertSetAside(q, setAside));
    await setAsideEvents(session.db, session.ports.blobs, source.tenantId, leftOut, session.now);
    closeLater = gatherCounts(session, source.tenantId, source.id, counts).catch((error) =>
      ctx.log("warn", "intake not counted", { error }),
    );
    if (!isFailure(answer)) return c.json(answer, 202);
    return problemResponse(new AppError(answer), shownPath(new URL(c.req.url).pathname), requestId);
  } finally {
    session.after(closeLater.finally(() => session.db.close()));
  }
}

type Source = Awaited<ReturnType<typeof mustFind>>;

interface Received {
  readonly source: Source;
  readonly ctx: Ctx;
  readonly receipt: Receipt;
}

/**
 * Takes the request in by what is remembered of its source. What that refuses is asked of the source as it stands, so
 * that a new token, or a source that goes on, is never refused; what it lets in may be two seconds behind an edit.
 */
async function receiveAtSource(c: C, session: Session): Promise<Received> {
  let body: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const bodyOnce = (maxBytes: number) => {
    body ??= readBytes(c.req.raw, maxBytes);
    return body;
  };
  const remembered = recallSource(c.req.param("sourceId") ?? "", session.now);
  if (remembered === undefined) return receiveAs(c, session, await mustFind(c, session), bodyOnce);
  const [first] = await Promise.allSettled([receiveAs(c, session, remembered, bodyOnce)]);
  if (first.status === "fulfilled" && !isFailure(first.value.receipt.answer)) return first.value;
  const source = await mustFind(c, session);
  if (source.version !== remembered.version) return receiveAs(c, session, source, bodyOnce);
  if (first.status === "fulfilled") return first.value;
  throw first.reason;
}

async function receiveAs(
  c: C,
  session: Session,
  source: Source,
  body: (maxBytes: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Received> {
  await knowRules(session, source.tenantId);
  const ctx = systemCtx(session, source.tenantId, "sources.request.receive", c.req.header("traceparent"));
  const receipt = await receiveRequest(ctx, source, {
    headers: new Map(c.req.raw.headers),
    token: c.req.param("token") ?? c.req.query("access_token"),
    body,
  });
  return { source, ctx, receipt };
}

/** Reads a body of at most `maxBytes`; one of a length that wasn't told is counted as it arrives. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const told = request.headers.get("content-length");
  if (Number(told ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
  if (told !== null) return new Uint8Array(await request.arrayBuffer());
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > maxBytes) throw bodyTooLarge(maxBytes);
    parts.push(part);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.byteLength;
  }
  return body;
}

const gatherMs = 500;
let gathered = new Map<string, number>();
let gathering = false;

/** Adds to the counts of a source: those of half a second go to the database together. */
async function gatherCounts(
  session: Session,
  tenantId: string,
  sourceId: string,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [outcome, count] of Object.entries(counts)) {
    const key = JSON.stringify([tenantId, sourceId, minuteOf(session.now).getTime(), outcome]);
    if (count > 0) gathered.set(key, (gathered.get(key) ?? 0) + count);
  }
  if (gathering || gathered.size === 0) return;
  gathering = true;
  try {
    await new Promise((done) => setTimeout(done, gatherMs));
  } finally {
    gathering = false;
  }
  const rows = [...gathered].map(([key, count]) => {
    const [tenant, source, minute, outcome] = JSON.parse(key) as [string, string, number, string];
    return { tenantId: tenant, sourceId: source, minute: new Date(minute), outcome, count };
  });
  gathered = new Map();
  for (let i = 0; i < rows.length; i += 40)
    await session.db.atomic((q) => addCounts(q, rows.slice(i, i + 40)));
}
