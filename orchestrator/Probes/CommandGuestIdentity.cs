using System.Globalization;
using System.Text;
using CliWrap;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Reads a guest's identity by a command of the user's on this machine, which prints it. When it is over, nothing that it started lives on in its session.</summary>
/// <param name="settings">The command.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
public sealed class CommandGuestIdentity(CommandIdentitySettings settings, TimeProvider time) : GuestQuestion(settings.Timeout, time)
{
    // Arguments stay out of every text, since they may hold a secret.
    private protected override string Question(Member member) => $"command {settings.Run[0]}";

    private protected override async Task<(ReadOnlyMemory<byte> Answer, string? HostKey)> AskAsync(Member member, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> output = default;
        ReadOnlyMemory<byte> errors = default;
        var execution = Session.Wrap(settings.Run)
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(variables => variables
                .Set("REFRESH_MEMBER", member.Id.ToString())
                .Set("REFRESH_HOST", member.Address.Host)
                .Set("REFRESH_PORT", member.Address.Port.ToString(CultureInfo.InvariantCulture)))
            .WithStandardOutputPipe(PipeTarget.Create(async (stream, stop) => output = await KeepAsync(stream, stop)))
            .WithStandardErrorPipe(PipeTarget.Create(async (stream, stop) => errors = await KeepAsync(stream, stop)))
            .ExecuteAsync(cancellation);
        try
        {
            var exitCode = (await execution).ExitCode;
            if (exitCode != 0)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}{(errors.IsEmpty ? string.Empty : $": {Excerpt.Of(Encoding.UTF8.GetString(errors.Span))}")}"));
            return output.Length < BoundedBody.MaxBytes ? (output, null) : throw new FormatException("the answer has 64 KiB or more");
        }
        finally
        {
            Session.Kill(execution.ProcessId);
        }
    }

    // What is beyond the limit goes by, so that the program ends.
    private static async Task<ReadOnlyMemory<byte>> KeepAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new BoundedBody(stream);
        while (await body.ReadMoreAsync(cancellation))
        {
        }

        await stream.CopyToAsync(Stream.Null, cancellation);
        return body.Read;
    }
}
