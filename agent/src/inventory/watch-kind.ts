import type { IncomingMessage } from "node:http";
import type { Clock } from "../core/clock.ts";
import { reconnectDelayMs } from "../core/reconnect.rules.ts";
import { at, type KubeObject } from "./kube-object.ts";

/** What hears of the objects of a kind. */
export interface KindTaker {
  /** Everything there is, replacing what was. */
  listed(objects: readonly KubeObject[]): void;
  changed(object: KubeObject): void;
  removed(object: KubeObject): void;
  /** Something failed; the watch goes on after a while. `gone`: the cluster doesn't know the kind. */
  failed(detail: string, gone: boolean): void;
}

export interface WatchOptions {
  /** `/api/v1/nodes` */
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  read(path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: unknown }>;
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage>;
}

const pageSize = 500;
const watchSeconds = 300;
/** A server that says nothing for so long, no bookmark and no end, is asked again. */
const silentMs = (watchSeconds + 30) * 1000;
const goneMs = 5 * 60_000;
/** A list and watch that end sooner, time and again, are paused between, also where each ends in good order. */
const soonMs = 1000;

class Expired extends Error {}
class UnknownKind extends Error {}

/** Lists a kind and follows its changes until the signal says stop: bookmarks move it on, 410 lists anew, errors back off. */
export async function watchKind(options: WatchOptions, taker: KindTaker): Promise<void> {
  const { clock, signal } = options;
  let failures = 0;
  let version: string | undefined;
  let soonOver = 0;
  while (!signal.aborted) {
    const from = clock.now();
    try {
      version ??= await list(options, taker);
      version = await follow(options, version, taker);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      version = error instanceof Broken ? error.version : undefined;
      if (!(error instanceof Expired)) {
        const detail = error instanceof Error ? error.message : String(error);
        const gone = error instanceof UnknownKind;
        failures++;
        taker.failed(detail, gone);
        await pause(clock, signal, gone ? goneMs : reconnectDelayMs(failures, clock.random()));
        continue;
      }
    }
    if (signal.aborted) return;
    soonOver = clock.now() - from < soonMs ? soonOver + 1 : 0;
    if (soonOver > 1) await pause(clock, signal, reconnectDelayMs(soonOver - 1, clock.random()));
  }
}

async function list({ path, read, signal }: WatchOptions, taker: KindTaker): Promise<string> {
  const objects: KubeObject[] = [];
  let next = "";
  for (;;) {
    const more = next === "" ? "" : `&continue=${encodeURIComponent(next)}`;
    const { status, body } = await read(`${path}?limit=${pageSize}${more}`, signal);
    if (status === 410) throw new Expired("The list expired on the way.");
    if (status === 404) throw new UnknownKind("The cluster doesn't serve this kind.");
    const items = at(body, "items");
    if (status !== 200 || !Array.isArray(items))
      throw new Error(`${path} answered ${status}: ${String(at(body, "message") ?? "")}`);
    objects.push(...items.map(slim));
    next = String(at(body, "metadata.continue") ?? "");
    if (next !== "") continue;
    taker.listed(objects);
    return String(at(body, "metadata.resourceVersion") ?? "");
  }
}

/** The watch broke, but it can go on from this version. */
class Broken extends Error {
  readonly version: string;
  constructor(version: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.version = version;
  }
}

/** Follows from a version until the server ends the watch in good order; answers the version to go on from. */
async function follow(
  { path, stream, signal, clock }: WatchOptions,
  from: string,
  taker: KindTaker,
): Promise<string> {
  let version = from;
  const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${watchSeconds}&resourceVersion=${encodeURIComponent(from)}`;
  const incoming = await stream(`${path}?${query}`, signal);
  if (incoming.statusCode === 410) {
    incoming.resume();
    throw new Expired("The watch expired.");
  }
  if (incoming.statusCode !== 200) {
    incoming.resume();
    throw new Error(`The watch of ${path} answered ${incoming.statusCode ?? 0}.`);
  }
  let stopSilence = clock.later(() => incoming.destroy(new Error("the watch was silent")), silentMs);
  const abort = (): void => void incoming.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    for await (const line of lines(incoming)) {
      stopSilence();
      stopSilence = clock.later(() => incoming.destroy(new Error("the watch was silent")), silentMs);
      version = take(JSON.parse(line), version, taker);
    }
    return version;
  } catch (error) {
    throw error instanceof Expired ? error : new Broken(version, error);
  } finally {
    stopSilence();
    signal.removeEventListener("abort", abort);
  }
}

function take(event: unknown, version: string, taker: KindTaker): string {
  const type = at(event, "type");
  const object = at(event, "object");
  if (type === "ERROR") {
    if (at(object, "code") === 410) throw new Expired("The watch expired.");
    throw new Error(`The watch ended: ${String(at(object, "message") ?? "")}`);
  }
  const next = String(at(object, "metadata.resourceVersion") ?? version);
  if (type === "ADDED" || type === "MODIFIED") taker.changed(slim(object));
  else if (type === "DELETED") taker.removed(slim(object));
  return next;
}

async function* lines(incoming: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  incoming.setEncoding("utf8");
  for await (const chunk of incoming as AsyncIterable<string>) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.trim() !== "") yield part;
  }
  if (rest.trim() !== "") yield rest;
}

// What nobody reads is not kept: it is most of an object's size.
function slim(object: unknown): KubeObject {
  const { metadata, ...rest } = object as KubeObject;
  const { managedFields: _, ...kept } = metadata as KubeObject["metadata"] & { managedFields?: unknown };
  return { ...rest, metadata: kept };
}

function pause(clock: Clock, signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.later(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });
}
