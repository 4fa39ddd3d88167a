import { sha256 } from "@noble/hashes/sha2.js";
import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { toHex } from "../../../kernel/hash.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import type { CaseDraft } from "./case-draft.ts";
import { type NormalFaults, normalText, normalValue } from "./normal-text.ts";
import type { RowNotes } from "./row-notes.ts";
import type { SeenIds } from "./seen-ids.ts";

const encoder = new TextEncoder();
const maxIdLength = 255;

export interface CaseOrigin {
  readonly format: string;
  readonly file?: string;
  readonly raw: string;
  readonly seen: SeenIds;
  readonly maxDepth: number;
}

function hashHex(text: string): string {
  return toHex(sha256(encoder.encode(text)));
}

/** An id given in the file, or `case_` and a hash of the input, so that the same question has the same id in any file. */
function caseId(
  draft: Pick<CaseDraft, "id">,
  input: EvaluationCase["input"],
  notes: RowNotes,
  faults: NormalFaults,
): string {
  const given = draft.id === undefined ? "" : normalText(draft.id, faults).trim();
  if (given === "") return `case_${hashHex(canonicalJson(input)).slice(0, 24)}`;
  if (given.length <= maxIdLength) return given;
  notes.warn(
    "",
    "id_too_long",
    `An id may have ${maxIdLength} characters; this one was replaced by its hash.`,
  );
  return `case_${hashHex(given).slice(0, 24)}`;
}

function hasInput(draft: CaseDraft): boolean {
  return typeof draft.input === "string" ? draft.input.trim() !== "" : (draft.input?.length ?? 0) > 0;
}

/** The parts of a draft that are there, in normal form. */
function normalParts(
  draft: CaseDraft,
  faults: NormalFaults,
  maxDepth: number,
): Omit<EvaluationCase, "caseId" | "source"> {
  const { id: _id, ...parts } = draft;
  const present = Object.entries(parts).filter(([, value]) => value !== undefined);
  return normalValue(Object.fromEntries(present), faults, maxDepth) as Omit<
    EvaluationCase,
    "caseId" | "source"
  >;
}

/**
 * Makes a canonical case of a draft: NFC, an id that is unique in the data set, and the hash of the record it came
 * from. Gives undefined, with the reason in the notes, when the draft has no input or cannot be held.
 */
export function finishCase(
  draft: CaseDraft,
  notes: RowNotes,
  origin: CaseOrigin,
): EvaluationCase | undefined {
  if (!hasInput(draft)) {
    notes.reject("", "missing_input", "The row has no question, input or message.");
    return undefined;
  }
  const faults: NormalFaults = { replaced: false, tooDeep: false };
  const parts = normalParts(draft, faults, origin.maxDepth);
  if (faults.tooDeep) {
    notes.reject("", "too_deep", `Values may be nested ${origin.maxDepth} deep.`);
    return undefined;
  }
  const wanted = caseId(draft, parts.input, notes, faults);
  if (faults.replaced) {
    notes.warn("", "unusable_character", "Lone surrogates or NUL characters were replaced by U+FFFD.");
  }
  const unique = origin.seen.unique(wanted);
  if (unique !== wanted) {
    const message = `The id ${JSON.stringify(wanted)} was used before; this case is ${JSON.stringify(unique)}.`;
    notes.warn("", draft.id === undefined ? "duplicate_input" : "duplicate_id", message);
  }
  const file = origin.file === undefined ? {} : { file: origin.file };
  const source = { format: origin.format, ...file, line: notes.line, rawHash: hashHex(origin.raw) };
  return { caseId: unique, ...parts, source };
}
