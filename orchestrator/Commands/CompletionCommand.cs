using System.CommandLine;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh completion</c>: what a shell needs to complete commands, which it asks of this program's own <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    // Options are offered once a dash is typed; before that, commands, and files where there are none.
    private const string Function = """
        _refresh_complete() {
            local word="${COMP_WORDS[COMP_CWORD]}"
            local rest="${COMP_LINE#*[[:space:]]}"
            local position=$(( COMP_POINT - ${#COMP_LINE} + ${#rest} ))
            local suggestions
            suggestions="$("${COMP_WORDS[0]}" "[suggest:${position}]" "${rest}" 2>/dev/null)" || return
            local IFS=$'\n'
            case "${word}" in
                -*) COMPREPLY=($(compgen -W "${suggestions}" -- "${word}")) ;;
                *) COMPREPLY=($(compgen -W "$(grep -v '^[-/]' <<< "${suggestions}")" -- "${word}")) ;;
            esac
        }
        complete -o default -F _refresh_complete refresh

        """;

    private const string Bash = "# Completion of refresh in bash: eval \"$(refresh completion bash)\"\n" + Function;

    private const string Zsh = "# Completion of refresh in zsh, after compinit: eval \"$(refresh completion zsh)\"\nautoload -U +X bashcompinit && bashcompinit\n" + Function;

    private const string Fish = """
        # Completion of refresh in fish: refresh completion fish | source
        function __refresh_complete
            set -l rest (string replace -r '^\s*\S+\s' '' -- (commandline -cp))
            set -l wanted '^[^-/]'
            string match -q -- '-*' (commandline -ct); and set wanted '^-'
            refresh "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null | string match -r -- "$wanted.*"
        end
        complete -c refresh -a '(__refresh_complete)'

        """;

    private static readonly Dictionary<string, string> s_scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "Which shell." };
        shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        var command = new Command("completion", "Print the script that lets a shell complete this program's commands.") { shell };
        command.Do(async (context, parsed, _) =>
        {
            await context.Output.WriteAsync(s_scripts[parsed.GetRequiredValue(shell)]);
            return ExitCodes.Done;
        });
        return command;
    }
}
