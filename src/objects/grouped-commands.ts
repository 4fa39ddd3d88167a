import type { Command, SingleCommand } from "../modules/jobs/index.ts";

type Execute = (command: Command) => Promise<unknown>;

interface Waiting {
  readonly command: SingleCommand;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

const maxGroup = 100;

/**
 * Sends what is asked for in the same turn, or while a call is under way, together: one call and one transaction for
 * many reports of a consumer. There is no timer: a command that comes alone goes at once. Each is answered for itself;
 * when a group fails, its commands are sent one by one, so that one of them can't fail the others.
 */
export function groupedCommands(execute: Execute): (command: SingleCommand) => Promise<unknown> {
  let waiting: Waiting[] = [];
  let sending = false;

  async function sendAll(): Promise<void> {
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxGroup);
      waiting = waiting.slice(maxGroup);
      await send(group);
    }
    sending = false;
  }

  async function send(group: readonly Waiting[]): Promise<void> {
    if (group.length > 1) {
      try {
        const { replies } = (await execute({
          type: "batch",
          commands: group.map(({ command }) => command),
        })) as { readonly replies: readonly unknown[] };
        for (const [index, { resolve }] of group.entries()) resolve(replies[index]);
        return;
      } catch (error) {
        if ((error as { readonly overloaded?: boolean }).overloaded === true) {
          for (const { reject } of group) reject(error);
          return;
        }
      }
    }
    for (const { command, resolve, reject } of group) await execute(command).then(resolve, reject);
  }

  return (command) =>
    new Promise((resolve, reject) => {
      waiting.push({ command, resolve, reject });
      if (sending) return;
      sending = true;
      void sendAll();
    });
}
