import { describe, expect, it } from "vitest";
import { progressAfter } from "../../../../cli/src/client/job-progress.ts";
import { requestOf } from "../../../../cli/src/client/operation-request.ts";
import { datasetName } from "../../../../cli/src/upload-dataset.ts";

describe("a request made from an operation's fields", () => {
  it("puts each field where the operation wants it and leaves out what is undefined", () => {
    expect(requestOf("jobs.job.cancel", { id: "job/1", reason: undefined })).toEqual({
      method: "POST",
      target: "/v1/jobs/job%2F1:cancel",
      json: {},
    });
    expect(requestOf("jobs.job.list", { status: "FAILED", limit: 5 })).toEqual({
      method: "GET",
      target: "/v1/jobs?status=FAILED&limit=5",
    });
    expect(requestOf("datasets.dataset.create", { name: "가 나", mapping: { input: "q" } }).target).toBe(
      "/v1/datasets?name=%EA%B0%80+%EB%82%98&mapping=%7B%22input%22%3A%22q%22%7D",
    );
    expect(requestOf("evaluation.run.compare", { baseline: "a", candidate: "b" }).json).toEqual({
      baseline: "a",
      candidate: "b",
    });
  });

  it("refuses to call without a field of the path", () => {
    expect(() => requestOf("jobs.job.get", {})).toThrow('"jobs.job.get" needs the field "id".');
  });
});

describe("what is read from events and names", () => {
  it("takes the progress from an event and keeps what it doesn't tell", () => {
    const known = { total: 46, done: 3, failed: 0, skipped: 0 };
    expect(progressAfter(known, { data: { done: 9 } })).toEqual({ ...known, done: 9 });
    expect(progressAfter(known, { data: { progress: { done: 4, failed: 1 } } })).toEqual({
      ...known,
      done: 4,
      failed: 1,
    });
    expect(progressAfter(known, { data: { done: "nine" } })).toEqual(known);
  });

  it("makes a registry's name of a file's", () => {
    expect(datasetName("/tmp/보험 상담 v2.xlsx")).toBe("보험 상담 v2");
    expect(datasetName("a@b#c.csv")).toBe("a-b-c");
    expect(datasetName("..jsonl")).toBe("dataset");
  });
});
