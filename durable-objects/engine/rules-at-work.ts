import {
  type CompiledRule,
  mustCompile,
  type RuleAtWork,
  type RuleSet,
  ruleSet,
} from "../../src/modules/rules/index.ts";

/** A rule that the engine runs. Its lineage is its own also where it only watches. */
export interface AtWork {
  readonly rule: RuleAtWork;
  readonly compiled: CompiledRule;
}

/** What changed of the rules at work. */
export interface RuleChanges {
  /** Lineages that are gone, as they were. */
  readonly retired: readonly AtWork[];
  /** Lineages whose version is another now. */
  readonly edited: readonly { readonly before: AtWork; readonly after: AtWork }[];
}

/** The rules at work, kept in the object's storage and compiled once. */
export class RulesAtWork {
  readonly #sql: SqlStorage;
  readonly #tenantId: string;
  #rules: readonly AtWork[] | undefined;
  #set: RuleSet | undefined;
  #shards: number | undefined;

  constructor(sql: SqlStorage, tenantId: string) {
    this.#sql = sql;
    this.#tenantId = tenantId;
  }

  /** By lineage. */
  all(): readonly AtWork[] {
    this.#rules ??= this.#sql
      .exec<{ body: string }>("select body from rules order by lineage, version")
      .toArray()
      .map(({ body }) => this.#compiled(JSON.parse(body) as RuleAtWork));
    return this.#rules;
  }

  /** Found by what an event is; it remembers what it was asked. */
  set(): RuleSet {
    this.#set ??= ruleSet(this.all().map(({ compiled }) => compiled));
    return this.#set;
  }

  find(lineage: string): AtWork | undefined {
    return this.all().find(({ rule }) => rule.lineage === lineage);
  }

  /** Replaces the rules at work, inside a transaction. Undefined: newer ones are here already. */
  replace(rules: readonly RuleAtWork[], generation: number, shards: number): RuleChanges | undefined {
    const [known] = this.#sql.exec<{ generation: number }>("select generation from rules_told").toArray();
    if (known !== undefined && known.generation > generation) return undefined;
    const before = this.all();
    this.#sql.exec(
      "insert or replace into rules_told (one, generation, shards) values (1, ?, ?)",
      generation,
      shards,
    );
    this.#sql.exec("delete from rules");
    for (const told of rules) {
      const lineage = told.shadow ? `${told.lineage}~${told.version}` : told.lineage;
      const rule = { ...told, lineage };
      this.#sql.exec(
        "insert into rules (lineage, version, body) values (?, ?, ?)",
        lineage,
        rule.version,
        JSON.stringify(rule),
      );
    }
    this.forget();
    return changesOf(before, this.all());
  }

  /** Forgets what is in memory, after a transaction that was rolled back. */
  forget(): void {
    this.#rules = undefined;
    this.#set = undefined;
    this.#shards = undefined;
  }

  /** Among how many shards the keys of the rules are divided. */
  shards(): number {
    this.#shards ??=
      this.#sql.exec<{ shards: number }>("select shards from rules_told").toArray()[0]?.shards ?? 1;
    return this.#shards;
  }

  /** The number of shards to go on with: another one where no rule is at work, so that there are no keys to move. */
  agree(shards: number): number {
    return this.all().length === 0 ? shards : this.shards();
  }

  #compiled(rule: RuleAtWork): AtWork {
    const identity = { tenantId: this.#tenantId, lineage: rule.lineage };
    return { rule, compiled: mustCompile(rule.definition, identity) };
  }
}

function changesOf(before: readonly AtWork[], now: readonly AtWork[]): RuleChanges {
  const byLineage = new Map(now.map((one) => [one.rule.lineage, one]));
  const retired: AtWork[] = [];
  const edited: { before: AtWork; after: AtWork }[] = [];
  for (const old of before) {
    const after = byLineage.get(old.rule.lineage);
    if (after === undefined) retired.push(old);
    else if (after.rule.version !== old.rule.version || after.rule.stateEpoch !== old.rule.stateEpoch)
      edited.push({ before: old, after });
  }
  return { retired, edited };
}
