import type { SourceKind, SourceProof } from "../../../contracts/sources.ts";
import { type AppError, problem } from "../../kernel/problem.ts";
import type { AcceptedSecret } from "./tables.ts";

/** Kinds whose senders sign; CloudEvents and plain JSON may be sent as Standard Webhooks too. */
const signed: readonly SourceKind[] = ["cloudevents", "standard-webhooks", "github", "generic-json"];

/**
 * Refuses a source that could never let anything in: signatures of a kind that has none, or without a secret.
 * @throws invalid_input `sources.proof`
 */
export function mustBeProvable(
  kind: SourceKind,
  proof: SourceProof,
  secrets: readonly AcceptedSecret[],
): void {
  if (proof !== "signature") return;
  if (!signed.includes(kind)) throw refused("/proof", `${kind} has no signatures; use a token.`);
  if (secrets.length === 0)
    throw refused("/secretNames", "Name at least one secret to check signatures with.");
}

function refused(pointer: string, message: string): AppError {
  return problem("invalid_input", "sources.proof", message, {
    errors: [{ pointer, code: "proof", message }],
  });
}

/** The secrets that are accepted at an instant, the newest first. */
export function acceptedSecrets(secrets: readonly AcceptedSecret[], now: Date): string[] {
  return secrets
    .filter(({ until }) => until === null || Date.parse(until) > now.getTime())
    .map(({ name }) => name);
}

const mostSecrets = 4;

/** Puts a new secret first; the others end with the overlap, those that have ended are forgotten. */
export function rotateSecret(
  secrets: readonly AcceptedSecret[],
  name: string,
  now: Date,
  overlapHours: number,
): AcceptedSecret[] {
  const end = new Date(now.getTime() + overlapHours * 3_600_000).toISOString();
  const kept = secrets
    .filter((secret) => secret.name !== name && acceptedSecrets([secret], now).length > 0)
    .map((secret) => ({ ...secret, until: secret.until !== null && secret.until < end ? secret.until : end }))
    .filter(({ until }) => until > now.toISOString());
  return [{ name, until: null }, ...kept].slice(0, mostSecrets);
}
