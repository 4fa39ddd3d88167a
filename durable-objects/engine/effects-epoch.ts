/**
 * Which instance of the object leads: the latest one that was made. An older one that runs on, without knowing that it
 * was replaced, finds another epoch in storage and may neither claim nor settle an effect.
 */
export class EffectsEpoch {
  readonly #sql: SqlStorage;
  readonly #own: number;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#own = this.#stored() + 1;
    sql.exec("insert or replace into epoch (one, epoch) values (1, ?)", this.#own);
  }

  /** The epoch of this instance. Throws when a newer one has taken over. */
  mustLead(): number {
    const stored = this.#stored();
    if (stored !== this.#own) throw new Error(`epoch ${this.#own} gave way to ${stored}`);
    return this.#own;
  }

  #stored(): number {
    return this.#sql.exec<{ epoch: number }>("select epoch from epoch").toArray()[0]?.epoch ?? 0;
  }
}
