import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeNumberCursor, encodeCursor, numberPlace } from "../../../kernel/page.ts";
import { caseLines } from "../dataset-cases.ts";
import { mustFindDataset, mustFindVersion } from "../find-dataset.ts";
import { DatasetCasePage, ListDatasetCases } from "../schemas.ts";

// Cases can be long: a page ends early rather than grow beyond this, and has one case at least.
const maxPageChars = 4_000_000;

export const listDatasetCases = defineOperation({
  action: "datasets.case.list",
  effect: "read",
  scope: "registry:read",
  summary: "Page through the cases of a version, in the order of the file",
  input: ListDatasetCases,
  output: DatasetCasePage,
  raises: ["not_found", "unavailable"],
  resource: ({ id, version }) => `dataset:${id}@${version}`,
  async run(ctx, ref) {
    const dataset = await mustFindDataset(ctx, { id: ref.id });
    const version = await mustFindVersion(ctx, dataset, ref.version);
    const list = `${dataset.id}@${version.version}`;
    const from = decodeNumberCursor(ref.cursor, list) ?? 0;
    const items: EvaluationCase[] = [];
    let chars = 0;
    for await (const line of caseLines(ctx, version, from, from + ref.limit)) {
      chars += line.length;
      if (items.length > 0 && chars > maxPageChars) break;
      items.push(JSON.parse(line) as EvaluationCase);
    }
    const next = from + items.length;
    const more = items.length > 0 && next < version.recordCount;
    return { items, nextCursor: more ? encodeCursor(numberPlace(list, next)) : null };
  },
});
