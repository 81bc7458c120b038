using System.Globalization;
using System.Text;
using CliWrap;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks by a command of the user's; exit code 0 is healthy. When it is over, nothing that it started lives on in its session.</summary>
internal sealed class CommandProbe(CommandProbeSettings settings, TimeProvider time) : TimedProbe(settings.Timeout, time)
{
    // Arguments stay out of every text, since they may hold a secret.
    protected override string Question(Member member) => $"command {settings.Run[0]}";

    protected override async Task<Verdict> AskAsync(Member member, CancellationToken cancellation)
    {
        var output = new BoundedOutput();
        var errors = new BoundedOutput();
        var command = Session.Wrap(settings.Run)
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(variables => variables
                .Set("REFRESH_MEMBER", member.Id.ToString())
                .Set("REFRESH_HOST", member.Address.Host)
                .Set("REFRESH_PORT", member.Address.Port.ToString(CultureInfo.InvariantCulture)))
            .WithStandardOutputPipe(output.Target)
            .WithStandardErrorPipe(errors.Target);
        var execution = command.ExecuteAsync(cancellation);
        try
        {
            var exitCode = (await execution).ExitCode;
            var words = errors.Text.Length > 0 ? errors.Text : output.Text;
            return new Verdict(exitCode == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}{(words.Length > 0 ? ": " : "")}{words}"));
        }
        finally
        {
            Session.Kill(execution.ProcessId);
        }
    }

    /// <summary>Keeps the beginning of what a program prints and lets the rest go by.</summary>
    private sealed class BoundedOutput
    {
        private readonly byte[] buffer = new byte[4096];
        private int length;

        public PipeTarget Target => PipeTarget.Create(ReadAsync);

        public string Text => Excerpt.Of(Encoding.UTF8.GetString(buffer, 0, length));

        private async Task ReadAsync(Stream stream, CancellationToken cancellation)
        {
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            await stream.CopyToAsync(Stream.Null, cancellation);
        }
    }
}
