import type { KubeObject } from "../../words.ts";
import { type Condition, conditionOf, isTrue, withConditions } from "./conditions.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { spread } from "./guest.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export interface ImageFacts {
  readonly image: KubeObject;
  /** Bytes of the volume, image or backup that the image is made from; undefined when that is not there. */
  readonly sourceBytes: number | undefined;
  readonly now: number;
}

export interface ImageStep {
  readonly status?: Fields;
  /** The class for volumes made from the image. */
  readonly makeClass?: string;
  readonly againMs?: number;
}

export const failAnnotation = "sim.maru/fail";
export const uploadedAnnotation = "sim.maru/uploaded-bytes";
export const uploadSizeAnnotation = "sim.maru/upload-size";

export const classNameOf = (image: KubeObject) => `lh-${image.metadata.uid}`;

/** How large an image is that comes from an address: the same for the same address. @returns bytes */
export function sizeOfUrl(url: string): number {
  return (300 + spread(url, 700)) * 2 ** 20;
}

/** Why an address can't be downloaded, as the importer says it; undefined when it can. */
export function downloadFailure(url: string): string | undefined {
  if (!URL.canParse(url)) return `failed to parse url ${url}`;
  const { hostname, pathname, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:")
    return `unsupported protocol scheme "${protocol.slice(0, -1)}"`;
  if (hostname.endsWith(".invalid")) return `Get "${url}": dial tcp: lookup ${hostname}: no such host`;
  if (/(^|\/)(404|missing)(\/|$|[.-])/.test(pathname))
    return `expected status code 200 from ${url}, got 404 Not Found`;
  return undefined;
}

function conditionsWith({ image, now }: ImageFacts, news: readonly Condition[]): Fields[] {
  return withConditions(itemsAt(image, "status", "conditions"), news, now);
}

const unknownImport: Condition = { type: "Imported", status: "Unknown", reason: "Importing" };

function begin(facts: ImageFacts): ImageStep {
  const { image } = facts;
  const name = classNameOf(image);
  const conditions = conditionsWith(facts, [{ type: "Initialized", status: "True" }, unknownImport]);
  return {
    makeClass: name,
    status: {
      ...fieldsAt(image, "status"),
      appliedUrl: textAt(image, "spec", "url"),
      storageClassName: name,
      progress: 0,
      failed: numberAt(image, "status", "failed") ?? 0,
      conditions,
    },
    againMs: durations.imageStep,
  };
}

/** When the try that is under way began. */
function begunAt(image: KubeObject): number {
  const since = instantOf(conditionOf(image, "Initialized")?.["lastTransitionTime"]) ?? 0;
  return Math.max(since, instantOf(textAt(image, "status", "lastFailedTime")) ?? 0);
}

function fail(facts: ImageFacts, message: string): ImageStep {
  const { image, now } = facts;
  const due = begunAt(image) + durations.imageRetry;
  if (now < due) return { againMs: due - now };
  const failed = (numberAt(image, "status", "failed") ?? 0) + 1;
  const retry = numberAt(image, "spec", "retry") ?? 3;
  const over = failed > retry;
  const news: Condition[] = [
    { type: "Imported", status: over ? "False" : "Unknown", reason: "ImportFailed", message },
    over
      ? { type: "RetryLimitExceeded", status: "True", message }
      : { type: "RetryLimitExceeded", status: "False" },
  ];
  const status = {
    ...fieldsAt(image, "status"),
    progress: 0,
    failed,
    lastFailedTime: stamp(now),
    conditions: conditionsWith(facts, news),
  };
  return over ? { status } : { status, againMs: durations.imageRetry };
}

function advance(facts: ImageFacts, progress: number, bytes: number): ImageStep {
  const { image } = facts;
  const status = { ...fieldsAt(image, "status"), progress, size: bytes };
  if (progress < 100) return { status, againMs: durations.imageStep };
  const news: Condition[] = [
    { type: "Imported", status: "True", reason: "Imported" },
    { type: "RetryLimitExceeded", status: "False" },
  ];
  const gib = 2 ** 30;
  const virtualSize = Math.max(2 * gib, Math.ceil((bytes * 4) / gib) * gib);
  return { status: { ...status, virtualSize, conditions: conditionsWith(facts, news) } };
}

function upload(facts: ImageFacts): ImageStep {
  const { image } = facts;
  const size = Number(image.metadata.annotations?.[uploadSizeAnnotation] ?? "0");
  if (!(size > 0)) return {};
  const done = Number(image.metadata.annotations?.[uploadedAnnotation] ?? "0");
  const progress = Math.min(100, Math.floor((done / size) * 100));
  if (progress === (numberAt(image, "status", "progress") ?? 0) && progress < 100) return {};
  return advance(facts, progress, size);
}

/** One step of an image: its storage class, then its bytes, with as many tries as it was given. */
export function stepImage(facts: ImageFacts): ImageStep {
  const { image, sourceBytes } = facts;
  if (image.metadata.deletionTimestamp !== undefined) return {};
  if (isTrue(image, "Imported") || isTrue(image, "RetryLimitExceeded")) return {};
  if (!isTrue(image, "Initialized")) return begin(facts);
  const url = textAt(image, "spec", "url") ?? "";
  const type = textAt(image, "spec", "sourceType");
  const forced = image.metadata.annotations?.[failAnnotation];
  const refusal = forced ?? (type === "download" ? downloadFailure(url) : undefined);
  if (refusal !== undefined) return fail(facts, refusal);
  if (type === "upload") return upload(facts);
  if (type !== "download" && sourceBytes === undefined)
    return fail(facts, `source of image ${image.metadata.name} not found`);
  const bytes = type === "download" ? sizeOfUrl(url) : (sourceBytes ?? 0);
  const steps = Math.floor((facts.now - begunAt(image)) / durations.imageStep);
  const progress = Math.min(100, steps * 20);
  const next = begunAt(image) + (steps + 1) * durations.imageStep - facts.now;
  const step = advance(facts, progress, bytes);
  return step.againMs === undefined ? step : { ...step, againMs: next };
}
