/** One record of a file before it means anything: its place, its own text (for the hash) and its fields. */
export interface SourceRecord {
  readonly line: number;
  readonly raw: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Things the reader had to put right. */
  readonly warnings?: readonly RecordWarning[];
}

export interface RecordWarning {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A place where a record should be and none can be read. */
export interface BrokenRecord {
  readonly line: number;
  readonly broken: RecordWarning;
}

export type SourceItem = SourceRecord | BrokenRecord;

/**
 * Cuts text into records. `push` takes the next piece of the text, wherever it was cut, and `end` what is left; a file
 * whose structure is beyond reading throws a problem.
 */
export interface RecordReader {
  push(text: string): SourceItem[];
  end(): SourceItem[];
}
