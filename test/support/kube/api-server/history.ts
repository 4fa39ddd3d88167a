import type { StoreEvent } from "../words.ts";

/** A change with the revision it made. */
export interface Change extends StoreEvent {
  readonly revision: number;
}

/** The last changes; what fell out of it can't be watched or paged from any more. */
export class History {
  readonly #limit: number;
  #changes: Change[] = [];
  #forgottenUpTo = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  append(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > this.#limit * 2) this.#drop(this.#changes.length - this.#limit);
  }

  /** Whether everything after the revision is still known. */
  reaches(revision: number): boolean {
    return revision >= this.oldest();
  }

  /** The earliest revision from which one can go on. */
  oldest(): number {
    const beyond = this.#changes[this.#changes.length - this.#limit - 1];
    return beyond ? beyond.revision : this.#forgottenUpTo;
  }

  /** Changes after the revision, oldest first. */
  since(revision: number): readonly Change[] {
    return this.#changes.filter((change) => change.revision > revision);
  }

  forget(): void {
    this.#drop(this.#changes.length);
  }

  #drop(count: number): void {
    this.#forgottenUpTo = this.#changes[count - 1]?.revision ?? this.#forgottenUpTo;
    this.#changes = this.#changes.slice(count);
  }
}
