import type { Command } from "../../src/modules/jobs/engine/commands.ts";
import type { Faults } from "./faults.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** No answer within this time is no answer. */
const patienceMs = 10_000;

export interface Wires {
  readonly scheduler: Scheduler;
  faults(): Faults;
  /** The object's answer; undefined when it crashed before it could give one. */
  receive(command: Command): unknown;
  log(line: string): void;
}

/** Runs processes, and carries their calls over a network that may lose, repeat, delay and reorder them. */
export class Network {
  private readonly wires: Wires;

  constructor(wires: Wires) {
    this.wires = wires;
  }

  /** Runs a process to its end; a mortal one may be killed whenever it waits. */
  spawn(process: Process, mortal: boolean, ended: () => void = () => {}): void {
    const { scheduler } = this.wires;
    const resume = (value: unknown): void => {
      if (mortal && scheduler.chance(this.wires.faults().workerCrash)) {
        this.wires.log("a worker dies");
        scheduler.after(scheduler.between(100, 5_000), ended);
        return;
      }
      const next = process.next(value);
      if (next.done === true) ended();
      else if (next.value.kind === "sleep") scheduler.after(next.value.ms, () => resume(undefined));
      else this.transmit(next.value.command, resume);
    };
    scheduler.after(0, () => resume(undefined));
  }

  private transmit(command: Command, resume: (value: unknown) => void): void {
    const { scheduler } = this.wires;
    let answered = false;
    const answer = (value: unknown) => {
      if (answered) return;
      answered = true;
      resume(value);
    };
    const { loss, duplicate, maxDelayMs } = this.wires.faults();
    const copies = scheduler.chance(loss) ? 0 : scheduler.chance(duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      scheduler.after(scheduler.between(1, maxDelayMs), () => {
        const reply = this.wires.receive(command);
        const faults = this.wires.faults();
        if (reply === undefined || scheduler.chance(faults.loss)) return;
        scheduler.after(scheduler.between(1, faults.maxDelayMs), () => answer(reply));
      });
    }
    scheduler.after(patienceMs, () => answer(undefined));
  }
}
