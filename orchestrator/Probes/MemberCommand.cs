using System.Globalization;
using System.Text;
using CliWrap;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Runs a command of the user's for a member, which it finds in its environment. When it is over, nothing that it started lives on in its session.</summary>
internal static class MemberCommand
{
    /// <summary>Runs it.</summary>
    /// <param name="run">The program and its arguments.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code, and the first 64 KiB of what it printed: what is beyond goes by, so that it ends.</returns>
    public static async Task<Ended> RunAsync(IReadOnlyList<string> run, Member member, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> output = default;
        ReadOnlyMemory<byte> errors = default;
        var execution = Session.Wrap(run)
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
            return new Ended((await execution).ExitCode, output, errors);
        }
        finally
        {
            Session.Kill(execution.ProcessId);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> KeepAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new BoundedBody(stream);
        while (await body.ReadMoreAsync(cancellation))
        {
        }

        await stream.CopyToAsync(Stream.Null, cancellation);
        return body.Read;
    }

    /// <summary>What came of it.</summary>
    internal sealed record Ended(int ExitCode, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Errors)
    {
        /// <summary>The exit code with the beginning of something that it printed.</summary>
        public string Told(ReadOnlyMemory<byte> printed)
        {
            var words = Excerpt.Of(Encoding.UTF8.GetString(printed.Span));
            return string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}{(words.Length > 0 ? ": " : string.Empty)}{words}");
        }
    }
}
