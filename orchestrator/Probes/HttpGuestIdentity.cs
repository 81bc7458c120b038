using System.Net;
using Refresh.Orchestrator.Json;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Probes;

/// <summary>Reads a guest's identity by HTTP GET, at the member's own address (promise 2).</summary>
/// <param name="settings">Where to ask.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
/// <exception cref="AdapterException">The file with the certificate authority cannot be read.</exception>
public sealed class HttpGuestIdentity(IdentitySettings settings, TimeProvider time) : IGuestIdentity
{
    private readonly Connections connections = new(settings.Tls, settings.TlsCa, settings.TlsSkipVerify, time);

    /// <inheritdoc />
    public async Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        using var deadline = new CancellationTokenSource(settings.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            both.Token.ThrowIfCancellationRequested();
            return Parse(await GetAsync(member, both.Token), time.GetUtcNow());
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception exception) when (deadline.IsCancellationRequested)
        {
            throw Unreachable(member, FormattableString.Invariant($"no answer within {settings.Timeout.TotalSeconds:0.###} s"), exception);
        }
        catch (FormatException exception)
        {
            throw Failed(member, "guest-identity-invalid", exception.Message, "Have the guest answer with image{name,version,digest}, machineId, bootedAt and patches.", exception);
        }
        catch (Exception exception) when (Failure.Explain(exception) is not null)
        {
            throw Unreachable(member, Failure.Explain(exception)!, exception);
        }
    }

    /// <summary>Reads the facts out of a guest's answer: all of them, or none.</summary>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    internal static GuestFacts Parse(ReadOnlyMemory<byte> answer, DateTimeOffset at) => JsonFields.Read(answer, fields =>
    {
        var image = fields.Object("image");
        return new GuestFacts(
            new ImageRef(image.Text("name"), image.Text("version"), image.Text("digest")),
            fields.Text("machineId"),
            fields.Instant("bootedAt"),
            fields.Texts("patches"),
            at);
    });

    private async Task<ReadOnlyMemory<byte>> GetAsync(Member member, CancellationToken cancellation)
    {
        using var client = new HttpMessageInvoker(connections.Open());
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(member));
        request.Headers.Host = settings.Host;
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("refresh-probe");
        using var response = await client.SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new FormatException($"{(int)response.StatusCode}, expected 200");
        var body = new BoundedBody(await response.Content.ReadAsStreamAsync(cancellation));
        while (await body.ReadMoreAsync(cancellation))
        {
        }
        return body.Read.Length < BoundedBody.MaxBytes ? body.Read : throw new FormatException("the answer has 64 KiB or more");
    }

    private Uri Url(Member member) => connections.Url(member, settings.Port, settings.Path);

    private AdapterException Unreachable(Member member, string why, Exception inner) =>
        Failed(member, "guest-identity-unreachable", why, "Look whether the guest has booted and serves its identity there.", inner);

    private AdapterException Failed(Member member, string code, string why, string endsWhen, Exception inner) =>
        new(new Reason(code, $"The guest of {member.Id} does not tell what it is: GET {Url(member).GetLeftPart(UriPartial.Path)}: {why}", endsWhen), inner);
}
