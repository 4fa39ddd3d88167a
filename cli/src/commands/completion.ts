import { type Command, defineCommand, type OptionSpecs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { globalOptions } from "../parse-command-line.ts";
import { argument } from "./common.ts";

/** Prints the completion of a shell, made from the commands there are. */
export function completionCommand(others: () => readonly Command[]): Command {
  return defineCommand({
    path: "completion",
    summary: {
      en: "Shell completion: source <(maru completion bash)",
      ko: "셸 자동 완성: source <(maru completion bash)",
    },
    arguments: [argument("shell", "bash or zsh", "bash 또는 zsh")],
    async run(cli, input) {
      const shell = input.argument("shell");
      if (shell !== "bash" && shell !== "zsh") {
        throw usageError("There is completion for bash and zsh.", "bash와 zsh만 지원합니다.");
      }
      const script = shell === "bash" ? bashCompletion(others()) : zshCompletion(others());
      if (cli.out.json) cli.out.result({ shell, script }, () => "");
      else cli.out.raw(script);
      return exitCodes.ok;
    },
  });
}

const optionNames = (options: OptionSpecs): string[] => Object.keys(options).map((name) => `--${name}`);

/** What may follow each beginning of a command line. */
function candidates(commands: readonly Command[]): Map<string, string[]> {
  const next = new Map<string, Set<string>>();
  for (const { path, options } of commands) {
    const words = path.split(" ");
    words.forEach((word, index) => {
      const before = words.slice(0, index).join(" ");
      next.set(before, (next.get(before) ?? new Set()).add(word));
    });
    const own = next.get(path) ?? new Set();
    for (const name of [...optionNames(options ?? {}), ...optionNames(globalOptions)]) own.add(name);
    next.set(path, own);
  }
  return new Map([...next].map(([key, words]) => [key, [...words].sort()]));
}

function cases(commands: readonly Command[]): string {
  return [...candidates(commands)]
    .map(([path, words]) => `    "${path}") words="${words.join(" ")}" ;;`)
    .join("\n");
}

function bashCompletion(commands: readonly Command[]): string {
  return `_maru() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ "$word" == -* ]] && continue
    case "\${path:+$path }$word" in
${knownPaths(commands)}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases(commands)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _maru maru
`;
}

function zshCompletion(commands: readonly Command[]): string {
  return `#compdef maru
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(commands)}`;
}

function knownPaths(commands: readonly Command[]): string {
  const paths = [...candidates(commands).keys()].filter((path) => path !== "");
  return `      ${paths.map((path) => `"${path}"`).join("|")}`;
}
